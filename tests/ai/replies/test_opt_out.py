"""No wish for no more messages is missed, and none is read into other words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.model.reply import Intent, Reading

CLEAR = {
    "en": ["Please unsubscribe me", "take us off your mailing list", "don't message me again", "S.T.O.P", "stopppp", "ＳＴＯＰ", "s t o p", "Do not contact us again."],
    "th": ["หยุดส่งข้อความ", "อย่าส่งมาอีกนะคะ", "ไม่ต้องการรับข่าวสาร", "ลบเบอร์ผมออกด้วยครับ", "เลิก ส่ง ได้แล้ว"],
    "zh": ["请停止发短信", "把我从名单中删除", "不要再联系我们", "退訂"],
    "ja": ["配信停止をお願いします", "もう連絡しないでください"],
    "ko": ["수신거부", "더 이상 연락하지 마세요"],
    "es": ["dejen de mandarme mensajes", "quiero darme de baja"],
    "fr": ["désabonnez-moi", "arrêtez de m'écrire"],
    "de": ["bitte abmelden", "keine Werbung mehr bitte"],
    "it": ["cancellami dalla lista", "non mandatemi più mail"],
    "pt": ["parem de me enviar mensagens", "não quero receber mais emails"],
    "ru": ["отпишите меня", "не присылайте больше сообщения"],
    "ar": ["توقفوا عن إرسال الرسائل", "لا ترسلوا لي رسائل"],
    "hi": ["मैसेज भेजना बंद करो", "mujhe message mat bhejo"],
    "id": ["jangan kirim pesan lagi", "berhenti mengirim promo"],
    "ms": ["jangan hantar mesej lagi", "buang nombor saya"],
    "vi": ["đừng gửi tin nhắn nữa", "hủy đăng ký"],
    "tl": ["huwag na kayong mag-text", "tanggalin nyo ako sa listahan"],
    "km": ["សូមឈប់ផ្ញើសារ", "កុំទាក់ទងមកទៀត"],
    "lo": ["ຢ່າສົ່ງຂໍ້ຄວາມມາອີກ"],
    "my": ["စာမပို့ပါနဲ့"],
    "nl": ["schrijf mij uit a.u.b."],
    "pl": ["proszę mnie wypisać"],
    "tr": ["bana mesaj atmayın"],
}  # fmt: skip

ALL = [(language, text) for language, texts in CLEAR.items() for text in texts]

NONE = [
    "Please stop the music in the lobby at midnight",
    "remove zone Edge from the renewal",
    "please cancel one zone, keep the rest",
    "Never stop the music",
    "Can you stop by the hotel tomorrow?",
    "The music stops every night at ten",
    "please remove the spa from the contract",
    "The player stopped working on Friday",
    "the price is unsustainable",
    "there is an unsubstantiated charge on the bill",
    "no more problems since the update, thank you",
    "เพลงหยุดทุกคืนเลยค่ะ",
    "วันหยุดเปิดไหมคะ",
    "ลาหยุดถึงวันจันทร์ค่ะ",
    "音楽が停止しました",
    "la música para todas las noches",
]


def asks_to_stop(reading: Reading) -> bool:
    return reading.opt_out_sign or Intent.OPT_OUT in reading.intents


@pytest.mark.parametrize(("language", "text"), ALL)
def test_clear_words_in_any_language_are_an_opt_out(read, language, text):
    reading = read(text)
    assert reading.intent is Intent.OPT_OUT
    assert reading.opt_out_sign
    assert not reading.unsure


@pytest.mark.parametrize("text", NONE)
def test_stopping_something_else_is_no_opt_out(read, text):
    assert not asks_to_stop(read(text))


@pytest.mark.parametrize(
    "text", ["this is spam, who gave you my email", "Cancel", "cancelar", "🛑", "please stop"]
)
def test_what_may_be_an_opt_out_pauses_or_suppresses(read, text):
    assert asks_to_stop(read(text))


@pytest.mark.parametrize("text", ["Cancel", "cancelar", "annuler", "iptal"])
def test_a_bare_cancel_may_mean_the_contract_so_a_person_decides(read, text):
    reading = read(text)
    assert reading.opt_out_sign
    assert reading.unsure or reading.intent is not Intent.OPT_OUT


FILLER = st.lists(
    st.sampled_from(
        ["Thank you for the offer.", "We like the music", "ขอบคุณค่ะ", "renew all zones", "The lobby is fine.", "Best regards", "10/10", "😊"]
    ),
    max_size=4,
)  # fmt: skip
NOISE = st.sampled_from(["\u200b", "\u00ad", "\ufeff"])


@settings(max_examples=120, deadline=None)
@given(which=st.sampled_from(ALL), before=FILLER, after=FILLER, survey=st.booleans())
def test_an_opt_out_is_found_wherever_it_stands(read, which, before, after, survey):
    text = "\n\n".join([*before, which[1] + ".", *after])
    assert asks_to_stop(read(text, survey=survey))


@settings(max_examples=80, deadline=None)
@given(which=st.sampled_from(ALL), noise=NOISE, at=st.integers(0, 40))
def test_invisible_characters_hide_no_opt_out(read, which, noise, at):
    text = which[1][:at] + noise + which[1][at:]
    assert asks_to_stop(read(text))
