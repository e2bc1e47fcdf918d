"""What answers in other languages are made of: how they are stated, their joints and words."""

from __future__ import annotations

ANSWER = (
    *("答案", "答え", "答", "정답", "답", "ответ", "respuesta", "réponse", "antwort", "lösung"),
    *("risposta", "resposta", "jawaban", "cevap", "odpowiedź", "đáp án", "đáp số", "उत्तर"),
    *("الجواب", "الإجابة", "vastaus", "svar", "antwoord", "răspuns", "válasz", "απάντηση"),
    *("відповідь", "адказ", "отговор", "odpověď", "odpoveď", "คำตอบ", "kết quả", "תשובה", "উত্তর"),
    *("正解", "opción", "opção", "opzione", "alternativa"),
    *("正确选项", "正确的选项", "विकल्प", "jawabannya", "odgovor", "atsakymas", "جواب", "پاسخ"),
)
"""Words for "answer", in lower case."""
CHOOSE = (
    *(
        "故选",
        "故選",
        "以选",
        "以選",
        "所以选",
        "所以選",
        "综上，选",
        "综上,选",
        "题选",
        "因此选",
        "应选",
    ),
)
"""How a choice is stated without such a word."""
IS = ("是", "为", "為", "选", "選", "は", "은", "는", "คือ")
"""What may stand right behind such a word, and the answer right behind it."""
IS_AS_A_WORD = (
    *("est", "es", "ist", "lautet", "equivale a", "равен", "равно", "è", "é", "là", "هو", "هي"),
    *("är", "er", "jest", "este", "adalah", "je", "είναι"),
)
"""The same with blanks around it."""
THEREFORE = (
    *(
        "donc",
        "also",
        "somit",
        "daher",
        "entonces",
        "pues",
        "quindi",
        "dunque",
        "portanto",
        "então",
    ),
)
"""What may stand behind that."""
IS_AT_THE_END = ("です", "である", "だ", "になります", "となります", "입니다", "이다")
"""What a sentence ends with behind its answer."""
OR = (
    *("または", "又は", "また", "oder", "или", "또는", "oppure", "或", "或者"),
    *("hoặc", "albo", "lub", "veya"),
)
AND = ("および", "及び", "und", "и", "그리고", "且", "和", "与", "及", "以及", "và")
OR_ALONE, AND_ALONE = ("ou", "o", "oder", "или"), ("et", "y", "e", "und", "и")
"""Joints that in plain letters may be variables, and count between boxes or in a text alone."""

_IN_ENGLISH: dict[str, tuple[str, ...]] = {
    " or ": OR,
    " and ": AND,
    "yes": (
        *(
            "是",
            "正确",
            "はい",
            "예",
            "да",
            "Да",
            "ja",
            "Ja",
            "oui",
            "Oui",
            "sí",
            "Sí",
            "có",
        ),
    ),
    "no": ("否", "错误", "いいえ", "아니요", "нет", "Нет", "nein", "Nein"),
    "no solution": (
        *(
            "无解",
            "方程无解",
            "解なし",
            "해가 없다",
            "нет решений",
            "sin solución",
            "no hay solución",
        ),
        *("pas de solution", "aucune solution", "keine lösung", "keine Lösung"),
    ),
    "does not exist": ("不存在",),
    "all real numbers": ("全体实数", "一切实数", "任意实数", "实数集"),
    "cm": ("厘米", "公分", "см", "centímetros", "centimètres", "zentimeter", "센티미터"),
    "mm": ("毫米", "мм"),
    "dm": ("分米",),
    "m": ("米", "公尺", "м", "metros", "mètres", "метров"),
    "km": ("千米", "公里", "км", "kilómetros", "kilomètres"),
    "km/h": ("км/ч", "千米/时", "公里/小时"),
    "m/s": ("м/с", "米/秒"),
    "square cm": ("平方厘米", "平方公分"),
    "square m": ("平方米", "平方公尺"),
    "cubic m": ("立方米",),
    "ml": ("立方厘米", "毫升"),
    "L": ("升",),
    "g": ("克", "г"),
    "kg": ("千克", "公斤", "кг"),
    "t": ("吨",),
    "s": ("秒", "секунд", "segundos", "secondes", "sekunden", "초"),
    "min": ("分钟", "分間", "мин", "минут", "minutos", "minuten", "Minuten"),
    "h": ("小时", "時間", "시간", "ч", "часов", "часа", "horas", "heures", "stunden", "Stunden"),
    "day": ("天",),
    "year": ("年",),
    "yuan": ("元", "块钱"),
    "yen": ("円",),
    "won": ("원",),
    "rouble": ("руб", "рублей"),
    "degree": ("度", "градусов", "градуса", "grados", "degrés", "gradi", "graus", "Grad"),
    "unit": (
        *("个", "個", "件", "只", "隻", "本", "枚", "张", "条", "棵", "台", "辆", "页", "次", "种"),
        *(
            "種類",
            "種",
            "块",
            "粒",
            "颗",
            "瓶",
            "袋",
            "箱",
            "盒",
            "通り",
            "回",
            "冊",
            "匹",
            "岁",
            "歳",
            "Stück",
        ),
        *("人", "名", "位", "개", "명", "권", "마리", "번", "살", "штук", "человек", "раз"),
    ),
}
OTHER_LANGUAGES = {word: said for said, words in _IN_ENGLISH.items() for word in words}
"""Words of answers, and what they are in English; a counter is any unit."""
SAYINGS = ("yes", "no", "no solution", "does not exist", "all real numbers")
"""Those that are answers as a whole."""
ALONE_IN_TEXT = {**dict.fromkeys(OR_ALONE, " or "), **dict.fromkeys(AND_ALONE, " and ")}
"""Joints that may be variables elsewhere, and what they are in English."""
