"""Clauses known by their build: what we do and how we write chooses nobody; what narrows is asked."""

import tomllib
from importlib.resources import files

import pytest
from tests.ai.requests.reading import clear, read, set_aside, unclear
from tests.ai.requests.test_lost_rules import RULES
from tests.ai.requests.test_properties import same_audience

from campaigns.model.plan import CampaignType

BASES = [
    "Send renewal reminders to all Hiltons expiring in October",
    "Announce the new app to hotels in Phuket",
    "NPS survey to all restaurants in Thailand except The Rice Barn",
]
REMARKS = [
    *("my inbox is on fire today", "I had a dream about spreadsheets last night"),
    *("the printer died again", "Sarah is on leave so I'm picking this up", "finance pinged me"),
    *("I've just got off the phone with Khun Apichat", "my daughter has a fever"),
    *("coffee is not working today", "we should have done this ages ago", "my memory is terrible"),
    *("time is running out", "the board meets on my birthday", "I totally forgot", "life is short"),
    *(
        "legal has signed it off",
        "marketing came up with a nice headline",
        "I can't find my glasses",
    ),
    *(
        "my train leaves in ten minutes",
        "there is a lot going on",
        "the cat walked over my keyboard",
    ),
    *("our quota is a joke", "we worked on the wording all night", "you won't believe this"),
]
NARROWING = [
    *("the idea is breakfast", "the focus is families", "we love the ones with terraces"),
    *("my boss likes luxury", "my boss prefers five star", "my boss hates the noisy ones"),
    *("the team visited some of them", "we only talk to decision makers", "the point is charm"),
    *("the rooftop is what matters", "the message is for managers", "some are too small"),
    *("half of them are broke", "the second one is not for us", "the loyal ones deserve it"),
    *("quality counts", "size does not matter", "we skip the rude ones", "they are late payers"),
    *("the owners are French", "the bad payers are out"),
    *("I would leave out the tiny ones", "it should be beachfront", "think beachfront"),
    *("the audience is young", "the guests are rich", "wifi is a must", "the wifi is good there"),
    *("Sukhumvit is asking for it", "we do breakfast", "it's a franchise"),
]


def forms(base: str, remark: str) -> tuple[str, ...]:
    """Return a request with a remark before, behind and apart from it."""
    large = f"{remark[0].upper()}{remark[1:]}"
    return (f"{large}. {base}", f"{base}, {remark}", f"{base}. {large}.", f"{large}: {base}")


@pytest.mark.parametrize("remark", REMARKS)
def test_what_we_and_our_things_do_chooses_nobody(remark):
    for base in BASES:
        original = clear(base)
        for said in forms(base, remark):
            plan = clear(said)
            assert same_audience(plan, original), said
            assert plan.type is original.type


@pytest.mark.parametrize("remark", NARROWING)
def test_what_may_be_said_of_customers_is_asked_about(remark):
    for base in BASES:
        for said in forms(base, remark):
            unclear(said)


def test_what_they_did_is_a_reason_only_behind_those_left_out():
    for base in BASES[:2]:
        for said in forms(base, "they complained last week"):
            unclear(said)
    assert same_audience(clear(f"{BASES[2]}, they complained last week"), clear(BASES[2]))


@pytest.mark.parametrize("remark", REMARKS[::3])
def test_a_rule_beside_what_we_do_is_never_lost(remark):
    for rule in (*RULES[::12], "five star", "only the good ones", "rustic"):
        unclear(f"Announce the new app to hotels {rule}, {remark}")
        unclear(f"{remark[0].upper()}{remark[1:]}. Announce the new app to hotels {rule}")


@pytest.mark.parametrize(
    ("lead", "request_"),
    [
        ("Khun Apichat rang and he's desperate for ", "a renewal push to the Centaras in Thailand"),
        ("My boss wants ", "a survey of all hotels in Phuket"),
        ("Before the sales meeting starts, ", "announce the new app to all Accor hotels"),
        ("To drive numbers, ", "launch a renewal campaign for Hiltons expiring in October"),
        ("Ugh Mondays. Anyway, ", "survey the Conrads"),
        ("Sorry to be a pain, but ", "we still owe the malls their satisfaction survey"),
    ],
)
def test_what_leads_to_an_order_chooses_nobody(lead, request_):
    assert same_audience(clear(f"{lead}{request_}"), clear(request_))


@pytest.mark.parametrize(
    "request_",
    [
        "My boss wants luxury and a survey of hotels in Phuket",
        "My boss is keen on boutique survey all hotels in Phuket",
        "To luxury, survey hotels in Phuket",
        "To win the loyal, survey hotels in Phuket",
        "Not the Marriotts, but survey hotels in Phuket",
        "Desperate: renewals to Hiltons",
        "Survey hotels in Phuket. Hungry for more.",
    ],
)
def test_a_lead_that_may_narrow_is_asked_about(request_):
    unclear(request_)


@pytest.mark.parametrize(
    ("request_", "idle"),
    [
        ("Spill the tea to all hotels in Phuket: survey", "Spill"),
        ("Activate a Christmas touchpoint across all hotels in Phuket", "Activate"),
        ("Let's leverage the momentum and launch a survey across all hotels in Phuket", "leverage"),
        ("Send a courteous survey to hotels in Phuket", "courteous"),
        ("Otherwise, survey hotels in Phuket", "Otherwise"),
    ],
)
def test_words_before_the_address_belong_to_the_message(request_, idle):
    plan = clear(request_)
    assert plan.filters.city == ("Phuket",)
    shown = set_aside(plan)
    assert any(idle in words for words in shown)


@pytest.mark.parametrize(
    "request_",
    [
        "Tell the bosses of all hotels in Krabi about the app",
        "Send the talkative a survey for hotels in Phuket",
        "Send a card to the regulars and a survey to hotels in Phuket",
        "Tired renewals to Hiltons",
        "Beachfront renewals to Hiltons",
        "Delight regulars of all hotels in Phuket with a Christmas card",
        "The usual suspects: survey hotels in Phuket",
        "Renewal to the Hilton one in Phuket",
        "Contact hotels with a Christmas tree",
        "Renewals to Hiltons except Phuket by WhatsApp and Krabi",
        "Ask hotels in Krabi if they have a pool",
        "Grumpy survey hotels in Phuket",
        "Survey the grumpy hotels in Pattaya",
        "Survey hotels in Phuket, grumpy",
        "Survey the hilly hotels in Phuket",
        "Survey hotels in Phuket, hilly",
    ],
)
def test_words_that_may_be_of_customers_or_name_others_are_asked_about(request_):
    unclear(request_)


@pytest.mark.parametrize(
    "note",
    [
        *("use our standard letterhead", "don't oversell it", "and don't forget the screenshots"),
        *("be chill about it", "the shorter the better", "spell my name properly"),
    ],
)
def test_a_note_on_the_writing_chooses_nobody(note):
    for base in BASES:
        assert same_audience(clear(f"{base}, {note}"), clear(base))


@pytest.mark.parametrize(
    "note",
    [
        *("use the loyal ones", "use premium", "don't bother the tiny ones", "keep the posh"),
        *("don't forget the VIPs", "be rustic", "try the ones we met", "check the bad payers"),
    ],
)
def test_a_note_that_may_choose_is_asked_about(note):
    for base in BASES:
        unclear(f"{base}, {note}")


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        ("Find out if the hotels in Krabi are happy with the sound", CampaignType.SURVEY),
        ("Ask the hotels in Krabi whether they like the new playlists", CampaignType.SURVEY),
        ("See if the hotels in Krabi have made up their mind", CampaignType.FOLLOW_UP),
        ("Ask the hotels in Krabi how the installation went", CampaignType.FOLLOW_UP),
    ],
)
def test_what_customers_are_asked_says_the_kind_and_chooses_nobody(request_, kind):
    plan = clear(request_)
    assert plan.type is kind
    assert plan.filters.city == ("Krabi",)


@pytest.mark.parametrize(
    "request_",
    [
        "Survey the hotels in Krabi if they are happy with the sound",
        "Ask the hotels in Krabi for feedback if they are happy",
        "Find out if the hotels in Krabi that complain are happy",
        "Find out which hotels in Krabi are happy",
        "Renewals to hotels in Krabi if they like us",
        "Tell the hotels in Krabi about the app if they are happy",
    ],
)
def test_a_condition_is_no_question(request_):
    unclear(request_)


@pytest.mark.parametrize(
    "request_",
    [
        "Tell all malls the promo ends 31 December",
        "Let malls know that prices go up in January",
        "Announce to malls that the offer expires on 1 October",
        "Tell malls on BMS that support ends in March",
        "Offer expiring in October: tell all malls",
    ],
)
def test_what_ends_or_rises_is_what_the_message_is_about(request_):
    plan = clear(request_)
    assert plan.type is CampaignType.ANNOUNCEMENT
    assert not plan.filters.contract_end


@pytest.mark.parametrize(
    "request_",
    [
        "Christmas promo, ends 24 December, all bars in Phuket",
        "Tell hotels ending in October about the new app",
        "Get Dusit to renew for 2026",
        "Tell malls the service ends in October",
        "Remind Palm Court Residence about the unpaid invoice",
    ],
)
def test_what_may_end_a_contract_or_a_promotion_is_asked_about(request_):
    unclear(request_)


@pytest.mark.parametrize(
    ("request_", "kind", "topic"),
    [
        ("Tell malls their invoices will come by post", "announcement", "invoices"),
        ("Tell malls prices stay the same", "announcement", "prices stay the same"),
        ("Send all malls a quick note that the app is updated", "announcement", "the app is"),
        ("Apologise to malls for yesterday's outage", "announcement", "yesterday's outage"),
        ("Follow up with malls after the roadshow", "follow_up", "the roadshow"),
        ("Feedback from malls on the support", "survey", "support"),
        ("Reach out to malls with a Valentine's offer", "seasonal", "Valentine's offer"),
        ("Invite malls to our autumn webinar", "announcement", "autumn webinar"),
        ("Let malls know we have a new summer catalogue", "announcement", "summer catalogue"),
    ],
)
def test_what_is_told_asked_or_sent_is_the_topic_and_chooses_nobody(request_, kind, topic):
    plan = clear(request_)
    assert plan.type == kind
    assert plan.filters.business_type == ("Shopping Mall",)
    assert topic in plan.context


@pytest.mark.parametrize(
    "request_",
    [
        "Let malls their music is bad know about the price change",
        "Survey malls with a Valentine's offer",
        "Announce the app to malls with a Christmas offer",
        "Apologise to malls for families",
        "Follow up with malls after the renovation",
        "Survey malls on the premium plan",
        "Invite malls with an autumn webinar to our party",
    ],
)
def test_the_same_words_where_they_may_be_of_customers_are_asked_about(request_):
    unclear(request_)


@pytest.mark.parametrize(
    ("request_", "excluded"),
    [
        ("Send the promo to everyone in Thailand bar the malls", "Shopping Mall"),
        ("Renewals for Novotels in Thailand, just not the Phuket one", "Phuket"),
        ("xmas promo ให้ beach club ทั่วไทย except Krabi line only", "Krabi"),
        ("ต่อสัญญา Novotel ทุกสาขา ยกเว้นภูเก็ต หมดภายใน 60 วัน", "Phuket"),
    ],
)
def test_what_is_left_out_ends_where_the_rest_is_of_all(request_, excluded):
    plan = read(request_)
    assert excluded in (*plan.exclude.business_type, *plan.exclude.city)
    assert not plan.exclude.contract_end


def test_by_friday_is_when_to_send_at_the_latest_where_no_contract_ends():
    plan = clear("Survey hotels in Phuket by Friday")
    assert not plan.filters.contract_end
    assert any("at the latest" in note for note in plan.assumptions)
    unclear("Survey hotels in Phuket under contract by Friday")
    assert clear("Renewals to customers with contracts until 31 October").filters.contract_end


@pytest.mark.parametrize(
    ("request_", "clause"),
    [
        ("If you get a minute, survey hotels in Phuket", "If you get a minute"),
        ("Same procedure as every year: survey hotels in Phuket", "Same procedure as every year"),
        ("I was asked by Somchai to send a survey to hotels in Phuket", "Somchai"),
        ("Let me know once done: survey hotels in Phuket", "Let me know once done"),
        ("To be honest I have no idea how this works: survey hotels in Phuket", "idea"),
        ("This is a follow-up on my earlier message: please survey hotels in Phuket", "earlier"),
    ],
)
def test_a_piece_before_everything_else_chooses_nobody(request_, clause):
    plan = clear(request_)
    assert plan.filters.city == ("Phuket",)
    shown = " ".join(set_aside(plan))
    assert clause in shown


@pytest.mark.parametrize(
    "request_",
    [
        "If they have a pool, survey hotels in Phuket",
        "Same hotels as every year: survey Phuket",
        "With a sea view: survey hotels in Phuket",
        "Let me know which are luxury: survey hotels in Phuket",
        "Send me the posh, survey hotels in Phuket",
        "I have a soft spot for boutique: survey hotels in Phuket",
        "Once renovated, survey hotels in Phuket",
        "The wifi is good there. Survey hotels in Phuket",
    ],
)
def test_a_piece_that_may_choose_is_asked_about(request_):
    unclear(request_)


def test_what_we_run_out_of_is_no_contract():
    plan = read("We ran out of time last year, so this time early: Christmas offers to malls")
    assert not plan.filters.contract_end


def test_contracts_still_end_where_nothing_else_does():
    for request_ in (
        "Renewals to Hiltons, their contracts are up in January",
        "Renewal discount for Hiltons expiring in January",
        "service ends in January: renewals to Hiltons",
    ):
        assert clear(request_).filters.contract_end, request_


def test_two_capitals_are_a_country_only_where_they_can_be_nothing_else():
    assert clear("announce new app, hotels SG & MY").filters.country == ("Singapore", "Malaysia")
    assert clear("survey to hotels in TH").filters.country == ("Thailand",)
    assert clear("ANNOUNCE NEW APP TO MY HOTELS").filters.country == ()
    unclear("send a survey to MY hotels")


@pytest.mark.parametrize(
    "request_",
    [
        "โปรวาเลนไทน์ให้ร้านอาหารในกรุงเทพ เอาหวานๆ เลย",
        "ประกาศแอปใหม่ให้ร้านอาหารในกรุงเทพ ขอสั้นๆ ไม่ต้องเยอะ",
        "เจ้านายสั่งมาว่าให้ส่งแบบสำรวจให้ร้านอาหารในกรุงเทพ",
        "อยากรู้ว่าร้านอาหารในกรุงเทพพอใจบริการเราไหม ส่งแบบสำรวจให้หน่อย",
    ],
)
def test_how_it_is_written_and_who_asks_in_thai_chooses_nobody(request_):
    plan = clear(request_)
    assert plan.filters.city == ("Bangkok",)
    assert plan.filters.business_type == ("Restaurant",)


@pytest.mark.parametrize(
    "request_",
    [
        "โปรวาเลนไทน์ให้ร้านอาหารในกรุงเทพ หรูๆ",
        "ส่งแบบสำรวจให้ร้านอาหารดีๆ ในกรุงเทพ",
        "ส่งแบบสำรวจให้ร้านอาหารที่พอใจบริการเรา",
        "ส่งแบบสำรวจให้ร้านอาหารในกรุงเทพ เอาเจ้าดังๆ",
    ],
)
def test_what_may_narrow_in_thai_is_asked_about(request_):
    unclear(request_)


def _harmless() -> tuple[list[str], list[str], list[str]]:
    data = files("campaigns.ai.embedded.requests") / "data" / "harmless.toml"
    lists = tomllib.loads(data.read_text(encoding="utf-8"))
    nouns = sorted({word for words in lists["nouns"].values() for word in words.split()})
    return nouns, sorted(lists["words"]["verbs"].split()), sorted(lists["words"]["moods"].split())


NOUNS, VERBS, MOODS = _harmless()


def test_no_harmless_word_is_one_that_customers_can_be_or_have():
    lists = tomllib.loads(
        (files("campaigns.ai.embedded.requests") / "data" / "remarks.toml").read_text("utf-8")
    )
    assert not set(NOUNS) & set(lists["theirs"].split())
    assert len(NOUNS) > 1_500


@pytest.mark.parametrize("nth", range(6))
def test_a_harmless_word_behind_customers_is_asked_about_all_the_same(nth):
    for noun in NOUNS[nth::60]:
        for request_ in ("Announce the new app to hotels with {}", "Renewals for Hiltons with {}"):
            plan = read(request_.format(noun))
            told = [u.words for u in plan.understood if "for the writer" in u.meaning]
            assert not plan.is_clear or told == [f"with {noun}"]  # "with tact" is how it is written
    for verb in VERBS[nth::30]:
        unclear(f"Renewals for Hiltons who {verb}")
    for mood in MOODS[nth::30]:
        plan = read(f"Announce the new app to hotels that are {mood}")
        assert not plan.is_clear or plan.filters.contract_end  # "overdue" contracts are one rule
