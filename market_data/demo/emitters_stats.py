"""How the demo's emitters are spread: rounded summary statistics, no rows of anybody's list.

Numbers of emitters by sector are of public record (2025). Weights of provinces and sizes of power plants were
counted in the Global Power Plant Database (World Resources Institute, CC BY 4.0); the weights of the other sectors
are rough shares of national output.
"""

#: Emitters of 2025 by sector: 3 378 in all (domain.md 5.1).
COUNTS = {"power": 2_087, "steel": 232, "cement": 962, "aluminium": 97}
TOTAL = sum(COUNTS.values())

#: Plants in the list by province.
POWER_WEIGHTS = {
    "110000": 10, "120000": 8, "130000": 38, "140000": 44, "150000": 63, "210000": 28, "220000": 20, "230000": 24,
    "310000": 11, "320000": 69, "330000": 22, "340000": 36, "350000": 17, "360000": 12, "370000": 46, "410000": 52,
    "420000": 19, "430000": 16, "440000": 44, "450000": 22, "460000": 3, "500000": 11, "510000": 12, "520000": 24,
    "530000": 12, "540000": 1, "610000": 27, "620000": 22, "630000": 6, "640000": 18, "650000": 30, "660000": 6,
}  # fmt: skip
STEEL_WEIGHTS = {
    "130000": 20, "320000": 12, "370000": 8, "140000": 7, "210000": 7, "340000": 4, "410000": 4, "420000": 4,
    "440000": 4, "450000": 4, "350000": 3, "360000": 3, "510000": 3, "150000": 3, "530000": 3, "310000": 2,
    "430000": 2, "650000": 2, "610000": 2, "120000": 2, "620000": 1, "500000": 1, "220000": 1, "230000": 1,
}  # fmt: skip
CEMENT_WEIGHTS = {
    "340000": 7, "370000": 7, "320000": 6, "440000": 6, "510000": 6, "450000": 6, "530000": 6, "410000": 6,
    "130000": 5, "330000": 5, "420000": 5, "430000": 5, "360000": 5, "520000": 5, "350000": 4, "610000": 4,
    "500000": 4, "150000": 3, "650000": 3, "140000": 3, "210000": 3, "620000": 3, "220000": 2, "230000": 2,
    "640000": 2, "630000": 1, "460000": 1, "540000": 1, "660000": 1, "310000": 1,
}  # fmt: skip
ALUMINIUM_WEIGHTS = {
    "370000": 10, "650000": 8, "150000": 8, "530000": 7, "450000": 4, "620000": 4, "410000": 4, "630000": 3,
    "520000": 3, "640000": 2, "140000": 2, "510000": 2, "610000": 1, "660000": 2,
}  # fmt: skip
WEIGHTS = {
    "power": POWER_WEIGHTS,
    "steel": STEEL_WEIGHTS,
    "cement": CEMENT_WEIGHTS,
    "aluminium": ALUMINIUM_WEIGHTS,
}

#: Sizes at 0, 10, … 100 % of the plants, MW. The list holds the larger plants: the market's are half of these.
COAL_MW = (25, 270, 500, 600, 660, 820, 1_200, 1_300, 1_770, 2_430, 6_700)
GAS_MW = (300, 360, 700, 750, 780, 780, 800, 1_050, 1_170, 1_530, 2_100)
#: Product of a plant of the other sectors, thousand tonnes a year.
OUTPUT_KT = {
    "steel": (400, 900, 1_300, 1_800, 2_400, 3_000, 3_800, 5_000, 7_000, 10_000, 19_000),
    "cement": (250, 500, 700, 900, 1_100, 1_300, 1_500, 1_700, 2_100, 2_800, 6_000),
    "aluminium": (60, 120, 180, 240, 300, 380, 440, 520, 650, 850, 1_600),
}
#: tCO2 a tonne of product, in thousandths, and how far a plant lies from it at most.
INTENSITY_MILLI = {"steel": (1_550, 280), "cement": (845, 90), "aluminium": (1_900, 350)}

#: Syllables of invented names: Chinese, pinyin.
FIRST_WORDS = (
    "霁:Ji 岚:Lan 澹:Dan 湄:Mei 皓:Hao 筠:Yun 翎:Ling 穹:Qiong 溯:Su 璟:Jing 汀:Ting 昱:Yu 岑:Cen 霭:Ai 沅:Yuan 澜:Lan "
    "熙:Xi 晗:Han 峤:Qiao 泓:Hong 梓:Zi 煦:Xu 淇:Qi 砚:Yan 瀚:Han 珩:Heng 柘:Zhe 晏:Yan 澄:Cheng 暄:Xuan 屿:Yu 榆:Yu "
    "漪:Yi 嵘:Rong 朔:Shuo 翊:Yi 湛:Zhan 曜:Yao 渟:Ting 棠:Tang"
)  # fmt: skip
SECOND_WORDS = (
    "川:chuan 原:yuan 浦:pu 岭:ling 洲:zhou 泽:ze 峰:feng 溪:xi 湾:wan 桥:qiao 岗:gang 渡:du 塬:yuan 坪:ping 堰:yan 崖:ya "
    "沙:sha 林:lin 石:shi 谷:gu 港:gang 台:tai 津:jin 丘:qiu 滩:tan 垣:yuan 陂:bei 峪:yu 汇:hui 浔:xun 屏:ping 埠:bu "
    "阜:fu 塘:tang 潭:tan 矶:ji 圩:wei 畈:fan 墩:dun 礁:jiao"
)  # fmt: skip
FIRST, SECOND = FIRST_WORDS.split(), SECOND_WORDS.split()
LAST = {
    "power": ("发电:Power", "热电:Cogeneration", "能源:Energy", "电力:Electric"),
    "steel": ("钢铁:Steel",),
    "cement": ("水泥:Cement",),
    "aluminium": ("铝业:Aluminium",),
}
