from whitenoise.storage import CompressedManifestStaticFilesStorage


class HouseStaticFiles(CompressedManifestStaticFilesStorage):
    """Every file under a name made of its content, also where one of our scripts imports another."""

    support_js_module_import_aggregation = True
    # Libraries that speak of imports in a comment are left as they are.
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )
