"""An invented vocabulary for tests and for measuring: brands and places as a small book has them."""

from dataclasses import replace

from campaigns.model.plan import Attribute
from campaigns.model.vocabulary import Term, Vocabulary

# brand group -> (customers, its flags with how many customers each has)
BRANDS: dict[str, tuple[int, dict[str, int]]] = {
    "Hilton": (
        14,
        {
            "DoubleTree by Hilton": 5,
            "Conrad": 2,
            "Hilton Garden Inn": 3,
            "Tru by Hilton": 1,
        },
    ),
    "Accor": (
        16,
        {
            "Novotel": 5,
            "Mercure": 4,
            "Pullman": 3,
            "Sofitel": 2,
            "ibis": 2,
            "ibis Styles": 1,
            "Grand Mercure": 1,
        },
    ),
    "Marriott": (6, {"Courtyard by Marriott": 2, "Westin": 1}),
    "Centara": (9, {"Centara Grand": 3, "COSI": 2, "Centra by Centara": 1}),
    "Minor": (8, {"Anantara": 4, "Avani": 4}),
    "IHG": (5, {"Holiday Inn": 2, "InterContinental": 2, "Crowne Plaza": 1}),
    "Dusit": (2, {"Dusit Thani": 2}),
    "Hyatt": (0, {"Hyatt Regency": 0, "Grand Hyatt": 0}),
    "Kempinski": (0, {}),
    "Meliá": (1, {}),
    "Banyan": (1, {"Banyan Tree": 1}),
    "Radisson": (1, {"Radisson Blu": 1}),
}
# country -> (region, customers, its cities with how many customers each has)
PLACES: dict[str, tuple[str, int, dict[str, int]]] = {
    "Thailand": (
        "Asia Pacific",
        48,
        {
            "Bangkok": 14,
            "Phuket": 8,
            "Pattaya": 6,
            "Krabi": 5,
            "Chiang Mai": 5,
            "Hua Hin": 4,
            "Koh Samui": 3,
            "Hat Yai": 1,
            "Rayong": 1,
        },
    ),
    "Vietnam": ("Asia Pacific", 9, {"Da Nang": 3, "Hanoi": 2, "Ho Chi Minh City": 3, "Hue": 0}),
    "Singapore": ("Asia Pacific", 5, {"Singapore": 5}),
    "Malaysia": ("Asia Pacific", 4, {"Kuala Lumpur": 3, "Penang": 1}),
    "Indonesia": ("Asia Pacific", 4, {"Bali": 3, "Jakarta": 1}),
    "Australia": ("Asia Pacific", 3, {"Sydney": 2, "Melbourne": 1}),
    "New Zealand": ("Asia Pacific", 1, {"Auckland": 1}),
    "Japan": ("Asia Pacific", 2, {"Tokyo": 2, "Osaka": 0}),
    "China": ("Asia Pacific", 2, {"Shanghai": 2}),
    "Hong Kong": ("Asia Pacific", 1, {"Hong Kong": 1}),
    "United Arab Emirates": ("Middle East", 4, {"Dubai": 3, "Abu Dhabi": 1}),
    "Saudi Arabia": ("Middle East", 1, {"Riyadh": 1}),
    "Spain": ("Europe", 3, {"Barcelona": 2, "Mallorca": 1}),
    "Greece": ("Europe", 1, {"Rhodes": 1}),
    "Italy": ("Europe", 0, {"Rome": 0}),
    "Austria": ("Europe", 0, {"Vienna": 0}),
    "France": ("Europe", 2, {"Paris": 2, "Nice": 0}),
    "United Kingdom": ("Europe", 1, {"London": 1}),
    "United States": ("Americas", 2, {"New York": 1}),
    "Mexico": ("Americas", 1, {"Cancún": 1}),
    "Maldives": ("Asia Pacific", 2, {"Malé": 0}),
    "South Africa": ("Africa", 1, {"Cape Town": 1}),
}
BUSINESS_TYPES: dict[str, tuple[int, tuple[str, ...]]] = {
    "Hotel": (70, ("hotels", "resort", "resorts")),
    "Restaurant": (9, ("restaurants", "eatery")),
    "Bar": (2, ("bars", "pub")),
    "Wine Bar": (4, ("wine bars", "bars", "bar")),
    "Beach Club": (4, ("beach clubs",)),
    "Coffee Shop": (6, ("coffee shops", "café", "cafés")),
    "Fitness": (5, ("gym", "gyms", "fitness club", "fitness clubs")),
    "Shopping Mall": (3, ("mall", "malls", "shopping malls")),
    "Residence": (3, ("residences",)),
    "Golf Club": (1, ("golf clubs",)),
}
PLATFORMS: dict[str, tuple[int, tuple[str, ...]]] = {
    "Soundtrack Your Brand": (60, ("SYB", "SYB (Multi)", "Soundtrack")),
    "Beat Breeze": (20, ()),
    "BMS": (9, ()),
    "DM": (7, ()),
    "USB": (1, ()),
}
THAI = {
    "Hilton": "ฮิลตัน",
    "Accor": "แอคคอร์",
    "Novotel": "โนโวเทล",
    "Marriott": "แมริออท",
    "Centara": "เซ็นทารา",
    "Thailand": "ประเทศไทย|เมืองไทย|ไทย",
    "Bangkok": "กรุงเทพ|กรุงเทพฯ|กทม.|กรุงเทพมหานคร",
    "Phuket": "ภูเก็ต",
    "Pattaya": "พัทยา",
    "Krabi": "กระบี่",
    "Chiang Mai": "เชียงใหม่",
    "Hua Hin": "หัวหิน",
    "Koh Samui": "เกาะสมุย|สมุย",
    "Vietnam": "เวียดนาม",
    "Singapore": "สิงคโปร์",
    "Malaysia": "มาเลเซีย",
    "Bali": "บาหลี",
    "Japan": "ญี่ปุ่น",
    "Dubai": "ดูไบ",
    "Europe": "ยุโรป",
    "Hotel": "โรงแรม",
    "Restaurant": "ร้านอาหาร|ภัตตาคาร",
    "Bar": "บาร์",
    "Wine Bar": "ไวน์บาร์",
    "Beach Club": "บีชคลับ",
    "Coffee Shop": "ร้านกาแฟ|คาเฟ่",
    "Fitness": "ฟิตเนส|ยิม",
    "Shopping Mall": "ห้าง|ห้างสรรพสินค้า|ศูนย์การค้า",
}
CUSTOMERS = (
    "Hilton Pattaya",
    "Hilton Hua Hin Bay",
    "DoubleTree by Hilton Phuket Lagoon",
    "Conrad Bangkok Riverside",
    "Novotel Chiang Mai Old Gate",
    "Mercure Krabi Cove",
    "ibis Styles Silom Nine",
    "Centara Grand Hat Yai Tower",
    "COSI Rayong Pier",
    "Anantara Samui Palms",
    "Avani Bangkok Canal",
    "Coral Fox Beach Club",
    "Kaya Beach Club",
    "Lotus & Lime",
    "Tin Roof Wine Bar",
    "Golden Mango Mall",
    "Marina Square Mall",
    "Bean There Ari",
    "Bean There Thonglor",
    "Bean There Ekkamai",
    "Iron Harbour Fitness | Sathorn",
    "Iron Harbour Fitness | Bang Na",
    "Palm Court Residence",
    "Blue Junk",
    "The Rice Barn",
    "Sala Mint",
    "Old Quay Bistro",
    "Northgate Golf Club",
    "Hotel Verano Barcelona",
    "Casa Lumbre Cancún",
    "Saffron Tent",
    "ครัวริมน้ำ",
)


def vocabulary(extra_customers: int = 0) -> Vocabulary:
    """Return the invented vocabulary, with `extra_customers` more names made by counting."""
    terms = [*_brands(), *_places(), *_types_and_platforms()]
    terms += [_name(name) for name in CUSTOMERS]
    terms += [_name(name) for name in made_up_names(extra_customers)]
    return Vocabulary(tuple(_with_thai(term) for term in terms))


def _with_thai(term: Term) -> Term:
    thai = THAI.get(term.value, "")
    return replace(term, words=(*term.words, *thai.split("|"))) if thai else term


def made_up_names(count: int) -> list[str]:
    """Return `count` different invented names of two to four words."""
    first = ("Amber", "Birch", "Cedar", "Dune", "Ember", "Fern", "Gull", "Heron", "Indigo", "Jade")
    second = (
        "Anchor",
        "Bridge",
        "Court",
        "Deck",
        "Garden",
        "House",
        "Lane",
        "Pier",
        "Row",
        "Tower",
    )
    third = ("Ari", "Bang Rak", "Chalong", "Dinso", "Ekkamai", "Kata", "Lanta", "Nimman", "Onnut")
    names = []
    for number in range(count):
        rest, a = divmod(number, len(first))
        rest, b = divmod(rest, len(second))
        rest, c = divmod(rest, len(third))
        tail = f" {_syllables(rest)}" if rest else ""
        names.append(f"{first[a]} {second[b]} {third[c]}{tail}")
    return names


def _syllables(number: int) -> str:
    out = ""
    while number:
        number, digit = divmod(number, 20)
        out += "bcdfghjklmnprstvwxyz"[digit] + "aeiou"[digit % 5]
    return out.capitalize()


def _name(name: str) -> Term:
    return Term(attribute=Attribute.CUSTOMER, value=name, words=(name,), customers=1)


def _brands() -> list[Term]:
    terms = []
    for group, (count, flags) in BRANDS.items():
        words = (group, f"{group} Hotels & Resorts")
        terms.append(Term(attribute=Attribute.BRAND, value=group, words=words, customers=count))
        for flag, flag_count in flags.items():
            short = flag.split(" by ")[0]
            terms.append(
                Term(
                    attribute=Attribute.BRAND,
                    value=flag,
                    words=(flag, short),
                    customers=flag_count,
                    parent=group,
                )
            )
    return terms


def _places() -> list[Term]:
    regions: dict[str, int] = {}
    terms = []
    for country, (region, count, cities) in PLACES.items():
        regions[region] = regions.get(region, 0) + count
        terms.append(
            Term(
                attribute=Attribute.COUNTRY,
                value=country,
                words=(country,),
                customers=count,
                parent=region,
            )
        )
        terms += [
            Term(
                attribute=Attribute.CITY, value=city, words=(city,), customers=many, parent=country
            )
            for city, many in cities.items()
        ]
    terms += [
        Term(attribute=Attribute.REGION, value=region, words=(region,), customers=count)
        for region, count in regions.items()
    ]
    return terms


def _types_and_platforms() -> list[Term]:
    pairs = ((Attribute.BUSINESS_TYPE, BUSINESS_TYPES), (Attribute.PLATFORM, PLATFORMS))
    return [
        Term(attribute=attribute, value=value, words=(value, *words), customers=count)
        for attribute, table in pairs
        for value, (count, words) in table.items()
    ]
