/// Words that make another question of one that is otherwise the same.
enum TurningWords {
    static let contractions: Set = [
        "cannot", "dont", "doesnt", "didnt", "isnt", "arent", "wasnt", "werent", "cant", "couldnt", "wont", "wouldnt",
        "shouldnt", "mustnt", "hasnt", "havent", "hadnt", "not",
    ]

    static let all: Set<String> = Set(
        [Self.negations, Self.numbers, Self.times, Self.opposites, Self.questions].joined(separator: " ")
            .split(whereSeparator: \.isWhitespace).map(String.init)
    )

    private static let negations = """
        no never none nobody nothing nowhere neither nor without except unless instead hardly only all every any some
        nicht kein keine keinen keinem keiner ohne nie niemals ne pas sans jamais aucun aucune rien non senza mai niente
        sin nunca ningún ninguna nada não sem nenhum niet geen zonder nooit inte utan aldrig ikke uden ei ilman nie bez
        nigdy не нет без никогда ni ни değil yok
        """

    private static let numbers = """
        zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
        eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion half
        quarter third double triple twice once dozen pair first second fourth fifth sixth seventh eighth ninth tenth
        last next previous eins zwei drei vier fünf sechs sieben acht neun zehn deux trois quatre cinq sept huit neuf dix
        dos tres cuatro cinco seis siete ocho nueve diez
        """

    private static let times = """
        today tomorrow yesterday now tonight morning noon afternoon evening night midnight day week month year hour
        minute decade century daily weekly monthly yearly monday tuesday wednesday thursday friday saturday sunday
        january february march april may june july august september october november december spring summer autumn
        winter ago since until before after during past future current currently was were had did will
        """

    private static let opposites = """
        more less most least fewer greater smaller larger bigger biggest largest smallest higher lower highest lowest
        longer shorter longest shortest older younger oldest youngest better worse best worst good bad high low big
        small large long short old new young hot cold warm cool fast slow faster slower early late earlier later easy
        hard cheap expensive light heavy dark strong weak safe unsafe dangerous legal illegal possible impossible
        true false right wrong left up down above below over under inside outside in out on off into from against for
        with increase decrease increasing decreasing raise rise fall maximum minimum max min add remove subtract
        multiply divide plus minus start stop begin end open close opened closed enable disable enabled disabled allow
        deny forbid accept reject include exclude install uninstall encrypt decrypt encode decode compress decompress
        import export upload download push pull send receive read write create delete destroy buy sell lend borrow win
        lose love hate gain cause prevent advantage advantages disadvantage disadvantages pro pros con cons benefit
        benefits risk risks similar different same opposite always often sometimes rarely ascending descending
        positive negative even odd male female man woman men women boy girl he she him her his hers my your our their
        """

    private static let questions = "who whom whose when where why"

    /// Words that begin sentences and are no names.
    static let beginnings: Set<String> = Set(
        """
        who whom whose which what when where why how is are was were do does did can could would will should shall may
        might must has have had am if in on at for from to with please kindly explain describe write give tell show list
        summarize summarise translate make create find compare define name help it its we our you your they a an the
        this that these those there let hi hello hey suggest recommend provide generate draft fix improve rewrite
        calculate compute convert solve and or but so then also yes ok okay thanks thank my
        """.split(whereSeparator: \.isWhitespace).map(String.init)
    )
}
