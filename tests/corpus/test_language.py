"""Which language an article is in: the text decides where it can, else what is stated."""

import pytest
from sqlite_utils import Database

from corpus.articles import Articles
from corpus.language import detect_language
from tests.conftest import StoreArticle

SENTENCES = {
    "ar": "نفت الوزارة يوم الاثنين صحة التقرير وقالت إن المحادثات ستستمر في الأسبوع المقبل.",
    "cs": "Ministerstvo v pondělí zprávu popřelo a uvedlo, že rozhovory budou pokračovat.",
    "de": "Das Ministerium wies den Bericht am Montag zurück und erklärte, die Gespräche gingen weiter.",
    "el": "Το υπουργείο διέψευσε τη Δευτέρα την είδηση και δήλωσε ότι οι συνομιλίες θα συνεχιστούν.",
    "en": "The ministry denied the report on Monday and said that talks would go on.",
    "es": "El ministerio desmintió el lunes la noticia y dijo que las conversaciones seguirían adelante.",
    "fa": "وزارت خانه روز دوشنبه این گزارش را تکذیب کرد و گفت که گفت‌وگوها ادامه خواهد یافت.",
    "fr": "Le ministère a démenti lundi ces informations et a déclaré que les pourparlers se poursuivraient.",
    "he": "המשרד הכחיש ביום שני את הידיעה ואמר שהשיחות יימשכו גם בשבוע הבא.",
    "hi": "मंत्रालय ने सोमवार को इस खबर का खंडन किया और कहा कि बातचीत जारी रहेगी।",
    "it": "Il ministero ha smentito lunedì la notizia e ha detto che i colloqui andranno avanti.",
    "ja": "同省は月曜日にこの報道を否定し、協議は来週も続くと述べた。",
    "ko": "외교부는 월요일 이 보도를 부인하고 회담은 다음 주에도 계속될 것이라고 밝혔다.",
    "nl": "Het ministerie ontkende het bericht maandag en zei dat de gesprekken zullen doorgaan.",
    "pl": "Ministerstwo zaprzeczyło w poniedziałek doniesieniom i oświadczyło, że rozmowy będą trwały.",
    "pt": "O ministério desmentiu a notícia na segunda-feira e disse que as conversações vão continuar.",
    "ru": "Министерство в понедельник опровергло сообщение и заявило, что переговоры продолжатся.",
    "sv": "Ministeriet förnekade uppgifterna i måndags och sade att samtalen kommer att fortsätta.",
    "tr": "Bakanlık pazartesi günü haberi yalanladı ve görüşmelerin süreceğini söyledi.",
    "uk": "Міністерство в понеділок спростувало повідомлення і заявило, що переговори триватимуть.",
    "zh": "外交部星期一否认了这一报道，并表示双方的谈判将于下周继续进行。",
}


@pytest.mark.parametrize(("code", "sentence"), SENTENCES.items(), ids=SENTENCES)
def test_a_sentence_is_enough_to_tell_and_to_correct_a_wrong_label(code: str, sentence: str):
    assert detect_language(sentence) == code
    assert detect_language(sentence, "en" if code != "en" else "fr") == code


@pytest.mark.parametrize(
    "text", ["", "Paris", "Hello there", "12 345,67 + 89 = 100 %", "— … —", "🙂" * 99, "Kyiv Oslo"]
)
def test_a_text_that_can_not_tell_keeps_what_is_stated(text: str):
    assert detect_language(text) is None
    assert detect_language(text, "cy") == "cy"


def test_a_foreign_quotation_in_front_does_not_make_an_article_foreign():
    body = f"« {SENTENCES['fr']} » So the spokesman began. " + "Reporters asked him what he meant by it. " * 20
    assert detect_language(body) == "en"


def test_an_article_in_another_language_is_known_as_such_and_cut_by_its_rules(db: Database, store: StoreArticle):
    article_id = store(f"{SENTENCES['ja']}{SENTENCES['ja']}", language="en")
    article = Articles(db).get(article_id)
    assert article is not None
    assert article.language == "ja"


def test_an_article_of_a_time_before_is_told_when_it_is_cut_again(db: Database, store: StoreArticle):
    article_id = store(SENTENCES["de"])
    db.execute("UPDATE articles SET language = NULL")
    Articles(db).recut(article_id)
    assert Articles(db).facts([article_id])[article_id].language == "de"


def test_the_same_text_under_its_old_label_is_no_new_version(db: Database, store: StoreArticle):
    first = store(SENTENCES["de"], url="https://a.example/", language="en")
    assert store(SENTENCES["de"], url="https://a.example/", language="en") == first
    assert Articles(db).versions(first) == []
