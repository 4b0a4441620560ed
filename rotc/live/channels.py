"""Who may listen to what. Channels follow from the signed-in user, never from the query string."""

from django_eventstream.channelmanager import DefaultChannelManager

from rotc import access


def cadet_channel(cadet_id: int) -> str:
    return f"cadet-{cadet_id}"


def unit_channel(term_id: int, path: str) -> str:
    return f"unit-{term_id}-{path}"


def channels_above(term_id: int, path: str) -> set[str]:
    """The channels of a unit and of every unit it stands under, corps included: ``a/b/`` → a/b/, a/ and ""."""
    parts = path.split("/")[:-1]
    return {unit_channel(term_id, "".join(f"{part}/" for part in parts[:n])) for n in range(len(parts) + 1)}


def user_channel(user_id: int) -> str:
    return f"user-{user_id}"


ALL_UNITS = "units"  # for administrators, whose appointment names no unit


def channels_of(user) -> set[str]:
    """Every channel this user hears: themselves, their own standing, the units they are appointed to."""
    channels = {user_channel(user.pk)}
    if user.cadet_id:
        channels.add(cadet_channel(user.cadet_id))
    for appointment in access.appointments(user):
        unit = appointment.unit
        channels.add(unit_channel(unit.term_id, unit.path) if unit else ALL_UNITS)
    return channels


class HouseChannels(DefaultChannelManager):
    def get_channels_for_request(self, request, view_kwargs):
        return channels_of(request.user) if request.user.is_authenticated else set()

    def can_read_channel(self, user, channel):
        return user is not None and user.is_authenticated and channel in channels_of(user)

    def is_channel_reliable(self, channel):
        return False
