"""How English and Thai write numbers, months and money: the tables writer and guard share.

Tables and the patterns over them, no judgement. Thai writes the Buddhist year, 543 ahead of
the Gregorian one (Thai Royal Decree on the calendar, BE 2483), and has its own digits.
"""

import re

BUDDHIST_YEARS_AHEAD = 543

MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
    "th": (
        "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน",
        "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
    ),
}  # fmt: skip
MONTHS_SHORT = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "th": (
        "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
    ),
}  # fmt: skip

# ISO 4217 code -> the signs and names that mean it; a sign several currencies share ("$") is
# listed under each. The code itself always means it.
CURRENCIES: dict[str, tuple[str, ...]] = {
    "AED": ("Dhs", "dirham", "dirhams"),
    "AUD": ("A$", "AU$", "$", "Australian dollars"),
    "CAD": ("C$", "CA$", "$"),
    "CHF": ("Fr.", "Swiss francs", "francs"),
    "CNY": ("¥", "RMB", "yuan", "หยวน"),
    "EUR": ("€", "euro", "euros", "ยูโร"),
    "GBP": ("£", "pounds", "ปอนด์"),
    "HKD": ("HK$", "$"),
    "IDR": ("Rp", "rupiah", "รูเปียห์"),
    "INR": ("₹", "Rs", "rupees", "รูปี"),
    "JPY": ("¥", "yen", "เยน"),
    "KHR": ("៛", "riel"),
    "KRW": ("₩",),
    "LAK": ("₭", "kip"),
    "MMK": ("kyat",),
    "MVR": ("Rf", "rufiyaa"),
    "MYR": ("RM", "ringgit", "ริงกิต"),
    "NZD": ("NZ$", "$"),
    "OMR": ("Omani rials",),
    "PHP": ("₱", "pesos"),
    "QAR": ("Qatari riyals",),
    "SAR": ("Saudi riyals", "riyals"),
    "SGD": ("S$", "SG$", "$"),
    "THB": ("฿", "baht", "บาท"),
    "TWD": ("NT$",),
    "USD": ("US$", "$", "dollars", "ดอลลาร์สหรัฐ", "ดอลลาร์"),
    "VND": ("₫", "dong", "ดอง"),
    "ZAR": ("rand",),
}

NUMBERS_EN = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES_EN = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
# Words that count, order or portion without being a number one can add up.
COUNTING_EN = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "once", "twice", "thrice", "half", "halves", "quarter", "quarters", "dozen", "dozens",
    "double", "triple", "both", "couple", "pair", "hundreds", "thousands", "millions", "percent",
)  # fmt: skip

NUMBERS_TH = {
    "ศูนย์": 0, "หนึ่ง": 1, "เอ็ด": 1, "สอง": 2, "ยี่": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "หก": 6,
    "เจ็ด": 7, "แปด": 8, "เก้า": 9,
}  # fmt: skip
SCALES_TH = {
    "สิบ": 10, "ร้อย": 100, "พัน": 1_000, "หมื่น": 10_000, "แสน": 100_000, "ล้าน": 1_000_000,
}  # fmt: skip
COUNTING_TH = ("ครึ่ง", "คู่", "โหล", "เปอร์เซ็นต์", "เท่าตัว")

# Thai runs its words together: these hold a number word without counting anything.
_THAI_NOT = {
    "ศูนย์": r"ศูนย์(?!กลาง|การ|รวม)",
    "เอ็ด": r"เอ็ด(?!ตะโร)",
    "ยี่": r"ยี่(?=สิบ)",
    "สาม": r"สาม(?!ารถ|ี)",
    "สี่": r"สี่(?!แยก)",
    "ห้า": r"ห้า(?!ง|ม|ว)",
    "หก": r"หก(?!ล้ม)",
    "แปด": r"แปด(?!เปื้อน)",
    "เก้า": r"เก้า(?!อี้)",
    "ร้อย": r"(?<!เรียบ)ร้อย(?!เรียง)",
    "พัน": r"(?<!สัม)(?<!ผูก)พัน(?!ธ)",
    "แสน": r"แสน(?!สุข|ดี|พิเศษ|อบอุ่น)",
    "คู่": r"คู่(?!รัก|กับ|ค้า|มือ|สัญญา|ใจ|ขวัญ)",
}


def _thai(word: str) -> str:
    return _THAI_NOT.get(word, re.escape(word))


THAI_NUMBER = "(?:" + "|".join(_thai(w) for w in (*NUMBERS_TH, *SCALES_TH)) + ")"
NUMBER_WORD = re.compile(
    r"(?<![A-Za-z])(?:" + "|".join((*NUMBERS_EN, *SCALES_EN, *COUNTING_EN)) + r")(?![A-Za-z])"
    "|" + THAI_NUMBER + "|" + "|".join(_thai(w) for w in COUNTING_TH),
    re.IGNORECASE,
)  # fmt: skip
# "may" and "march" are words as well as months, so English months count in capitals only.
MONTH_WORD = re.compile(
    r"(?<![A-Za-z])(?:" + "|".join((*MONTHS["en"], *MONTHS_SHORT["en"], "Sept")) + r")(?![A-Za-z])"
    "|" + "|".join(map(re.escape, (*MONTHS["th"], *MONTHS_SHORT["th"])))
)  # fmt: skip
_NAMES = sorted({n for names in CURRENCIES.values() for n in names}, key=len, reverse=True)
CURRENCY_WORD = re.compile(
    r"[$¢-¥฿₠-⃀]|(?<![A-Za-z])(?:"
    + "|".join((*CURRENCIES, *(re.escape(n) for n in _NAMES if n.isascii() and n[-1] != "$")))
    + r")(?![A-Za-z])|"
    + "|".join(n for n in _NAMES if "฀" <= n[0] <= "๿" and n != "฿")
)
