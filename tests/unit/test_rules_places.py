"""行政区划 as people write it, against the place a regulation is for."""

import pytest

from perfeval.rules.places import is_another, is_outside, lies_in

JINKOUHE = ("四川省乐山市金口河区", "乐山市金口河区", "金口河区")
INSIDE = [
    *((place, region) for place in JINKOUHE for region in JINKOUHE),
    ("四川省金口河区", "四川省乐山市金口河区"),
    ("四川省 乐山市\u3000金口河区", "金口河区"),
    ("四川省乐山市\u200b金口\u200b河区\ufeff", "乐山市金口河区"),
    ("四川省乐山市金口河区永和镇", "金口河区"),
    ("四川省乐山市金口河区", "乐山市"),
    ("四川省乐山市金口河区", "四川省"),
    ("湖南省长沙市长沙县", "长沙县"),
    ("福建省三明市沙县", "沙县"),
    ("湖南省岳阳市岳阳县", "岳阳市"),
    ("四川省乐山市市中区", "乐山市市中区"),
    ("内蒙古自治区鄂尔多斯市鄂托克旗", "内蒙古自治区"),
]  # fmt: skip
OUTSIDE = [
    ("湖南省长沙市长沙县", "沙县"),  # counties whose names hold one another
    ("江西省吉安市泰和县", "和县"),
    ("北京市密云县", "云县"),
    ("湖南省岳阳市岳阳楼区", "岳阳县"),
    ("长春市朝阳区", "北京市朝阳区"),  # counties of one name
    ("济南市市中区", "乐山市市中区"),
    ("四川省", "金口河区"),  # the province, the city
    ("四川省乐山市", "乐山市金口河区"),
    ("", "金口河区"),
    ("\u200b", "金口河区"),
    ("区", "金口河区"),
    ("青禾县驻金口河区办事处", "金口河区"),
    ("江苏省南通市通州区", "北京市通州区"),
]


@pytest.mark.parametrize(("place", "region"), INSIDE)
def test_inside(place: str, region: str) -> None:
    assert lies_in(place, region)
    assert not is_another(place, region)


@pytest.mark.parametrize(("place", "region"), OUTSIDE)
def test_outside(place: str, region: str) -> None:
    assert not lies_in(place, region)


def test_another_of_the_same_name() -> None:
    assert is_another("长春市朝阳区教育局", "北京市朝阳区")
    assert not is_another("教育局", "北京市朝阳区")


PROVINCES = [
    # place, region of the regulation, whether the place is seen to lie elsewhere
    ("四川省乐山市金口河区", "四川省", False),
    ("乐山市金口河区", "四川省", False),  # no province is named
    ("青禾县", "四川省", False),
    ("", "四川省", False),
    ("湖南省岳阳市", "四川省", True),
    ("内蒙古自治区鄂尔多斯市", "四川省", True),
    ("重庆市渝北区", "四川省", True),
    ("青海省海南藏族自治州", "青海省", False),
    ("海南藏族自治州", "青海省", False),
    ("", "金口河区", True),
    ("青禾县", "金口河区", True),
]


@pytest.mark.parametrize(("place", "region", "outside"), PROVINCES)
def test_a_province_is_another_one_only_where_it_is_named(place: str, region: str, outside: bool) -> None:
    assert is_outside(place, region) is outside
