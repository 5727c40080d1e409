"""Month names in the six languages of the collection, in every case and abbreviation that dates are written with."""

_EN = """january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sep sept|october oct|
november nov|december dec"""
_NL = """januari jan|februari feb|maart mrt|april apr|mei|juni jun|juli jul|augustus aug|september sep sept|oktober okt|
november nov|december dec"""
_DE = """januar jänner jan|februar feber feb|märz maerz mär mrz|april apr|mai|juni jun|juli jul|august aug|
september sep sept|oktober okt|november nov|dezember dez"""
_FR = """janvier janv|février fevrier févr fevr|mars|avril avr|mai|juin|juillet juil|août aout|septembre sept|
octobre oct|novembre nov|décembre decembre déc dec"""
# Russian and Ukrainian: nominative, genitive ("29 июня"), prepositional or locative ("в апреле"), abbreviation.
_RU = """январь января январе янв|февраль февраля феврале фев февр|март марта марте мар|апрель апреля апреле апр|
май мая мае|июнь июня июне июн|июль июля июле июл|август августа августе авг|сентябрь сентября сентябре сен сент|
октябрь октября октябре окт|ноябрь ноября ноябре ноя нояб|декабрь декабря декабре дек"""
_UK = """січень січня січні січ|лютий лютого лютому лют|березень березня березні бер|квітень квітня квітні кві квіт|
травень травня травні тра трав|червень червня червні чер черв|липень липня липні лип|серпень серпня серпні сер серп|
вересень вересня вересні вер|жовтень жовтня жовтні жов жовт|листопад листопада листопаді лис лист|
грудень грудня грудні гру груд"""


def _numbered(names: str) -> dict[str, int]:
    months = names.replace("\n", "").split("|")
    return {name: number for number, forms in enumerate(months, start=1) for name in forms.split()}


MONTHS: dict[str, dict[str, int]] = {
    language: _numbered(names)
    for language, names in (("en", _EN), ("nl", _NL), ("de", _DE), ("fr", _FR), ("ru", _RU), ("uk", _UK))
}
