"""What is wrong with what was sent, in words that name the field."""

SAID = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_type": "must be a text",
    "string_unicode": "must be a text",
    "string_too_short": "must not be empty",
    "string_too_long": "may have {max_length} characters at most",
    "string_pattern_mismatch": "must be a number",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "is too large a number",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "less_than": "must be less than {lt}",
    "literal_error": "must be one of {expected}",
    "uuid_type": "must be a UUID",
    "uuid_parsing": "must be a UUID",
    "list_type": "must be a list",
    "too_long": "may have {max_length} entries at most",
    "too_short": "must not be empty",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "dict_type": "must be an object",
}
ENOUGH = 3


def sentence(errors, *, of_whole: str = "The body") -> str:
    """One sentence a problem, of the first few. ``of_whole`` is what all of it is called, where no field is named."""
    said = [f"{_field(error['loc']) or of_whole} {_what(error)}" for error in errors[:ENOUGH]]
    more = f" And {len(errors) - ENOUGH} more." if len(errors) > ENOUGH else ""
    return " ".join(said) + more


def _field(loc) -> str:
    names = [str(part)[:40] for part in loc]
    return f"“{'.'.join(names)}”" if names else ""


def _what(error) -> str:
    if error["type"] == "value_error":
        return error["msg"].removeprefix("Value error, ")
    return SAID.get(error["type"], "cannot be read").format(**error.get("ctx", {})) + "."
