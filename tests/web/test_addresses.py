import pytest


@pytest.mark.parametrize(
    "address", ["/conduct/?q=%00a", "/attendance/?term=%00", "/roster/?q=a%00", "/terms/%00/"]
)
def test_an_address_with_a_null_byte_is_no_page(as_user, commandant, address):
    assert as_user(commandant).get(address).status_code == 404
