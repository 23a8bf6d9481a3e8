/// The passphrases that are tried first, as people choose them: lower case, without separators, in order.
///
/// The web app holds the same list in `web/src/lib/common-passphrases.json`; a test compares the two.
enum CommonPassphrases {
    static let all: [String] = text.split { $0 == " " || $0 == "\n" }.map(String.init)

    private static let text = """
        000000 00000000 0987654321 101010 102030 111111 11111111 112233 11223344 121212 123123 123123123
        123321 1234 12341234 12345 123454321 123456 1234567 12345678 123456789 1234567890 1234abcd 123654
        123789 123abc 123qwe 123qweasd 131313 147258 147258369 159357 159753 1999 1q2w3e 1q2w3e4r
        1q2w3e4r5t 1qaz2wsx 1qazxsw2 2000 2020 2021 2022 2023 2024 2025 2026 222222 232323 252525 333333
        4321 444444 456123 456789 54321 555555 55555555 654321 666666 696969 741852963 7654321 777777
        7777777 789456 789456123 8675309 87654321 888888 88888888 963852741 987654321 999999 99999999
        a1b2c3 a1b2c3d4 aa123456 abc123 abcd abcd1234 abcdef abcdefg abracadabra access access14 acdc admin
        adminadmin administrator adminpassword airforce alexander always amanda amazon amber america
        american andrea andrew android angel angels anna anthony anything apple april army arsenal
        artificialintelligence asd123 asdf asdfasdf asdfgh asdfghjkl asdqwe asdzxc ashley assassin asshole
        assistant atlanta audi august austin australia autumn avalanche avengers azerty baby babyboy
        babydoll babygirl bacon bailey banana barbara barcelona bart baseball basketball bastard batman
        batterystaple bayern beach bear beatles beautiful beer bella benjamin berlin bestfriend bestfriends
        beyonce bible birthday bitch black blackpink blessed blessing blink182 blizzard blue blueberry boss
        boston brandon brasil brian broncos brother buddy buffalo bugatti bugsbunny bullshit bunny burger
        business buster butter butterfly california callofduty camaro canada candy captain carpediem celtic
        champion changeit changeme changethis charlie chatgpt cheese chelsea cherry cherryai cherryvault
        chevrolet chevy chicago china chloe chocolate christ christmas christopher church cisco cocacola
        coffee college company computer cookie correcthorse correcthorsebatterystaple corvette
        counterstrike courage cowboys cricket crystal cupcake cutie cutiepie cyber daddy daisy dallas
        daniel darling darthvader database david deadpool death debian december default defaultpassword
        demo demon denver desert desktop destiny deutschland devil diablo diamond dick dinosaur dodgers
        doggie doggy dollar dolphin donald donaldduck donna dontknow dortmund dragon drummer dylan eagle
        eagles earth easter edward elephant elizabeth elvis emerald emily eminem emma england espana ethan
        everton everything example facebook faith falcon family fantasy father february ferrari fire
        firefly fishing florida flower flowers football ford forest forever foreverandever foreverlove
        forgot fortnite france freedom friday friend friends friendship frodo fuck fucker fuckme fuckoff
        fuckyou galaxy gamer gaming gandalf garfield george germany ghost ginger gladiator godbless
        godisgood godislove gold golden golf golfer goodbye google gorgeous grace green greenday guest
        guestguest guitar hacked hacker hacking hakunamatata halloween halo handsome hannah harley
        harleydavidson harry harrypotter hawaii heather heaven hell hello hellothere helloworld hobbit
        hockey hocuspocus hogwarts holiday homer honda honey honeybee hope hopeful horse hottie houston
        hulk hunter hunter2 hunting hurricane iamgod iamking iamnumber iamthebest icecream iceman idontknow
        iforgot ihaveadream iloveher ilovehim iloveme iloveu iloveyou iloveyou1 iloveyou2 iloveyouforever
        iloveyousomuch iluvyou india instagram internet iphone ireland ironmaiden ironman island italia
        jack jacob jaguar james january japan jasmine jason jedi jennifer jessica jesus jesus1 jesuschrist
        john joker jordan joseph joshua joshua1 july june jupiter justice justin justinbieber juventus
        karen kawasaki keepout kevin keyboard killer king kingdom kitten kitty kittycat knight lakers
        lamborghini laptop laura lauren ledzeppelin lemon leon letmein letmeinplease liberty lightning
        linda linux lion lisa livelaughlove liverpool liveyourlife login logon london lordoftherings
        loremipsum loremipsumdolorsitamet loveislove lovelove lovely loveme lover lovers loveyou lucas
        lucky lucy macintosh madonna madrid maggie magic magician mama manager manchester manchesterunited
        mango manutd march maria marine mario mark martin master masterkey masterpass matrix matrix123
        matthew maytheforcebewithyou mazda megan melissa mercedes mercury metallica mexico michael michelle
        mickey mickeymouse microsoft milan military million millionaire minecraft molly mommy monday money
        monkey moon moonlight moscow mother mountain murder music mustang mycherry mylove mypassword
        mysecret myvault nancy naruto natalie nathan navy ncc1701 neptune network neveragain nevergiveup
        newpassword newyork newyorkcity nicole ninja nintendo nirvana nissan noah nokia nopassword nothing
        november ocean october office oldpassword oliver olivia onceuponatime onedirection openai
        opensesame openup oracle orange oscar packers panda panther papa paradise paris pass1234 passcode
        passphrase passw0rd passwd password password1 password12 password123 password1234
        passwordispassword passwordpassword passwort patricia patrick patriots paul peace peach peanut
        peanutbutter pearl penguin pepper pepsi peter phoenix phoenixaz piano pickle pikachu pineapple
        pinkfloyd pirate pizza planet player playstation pokemon police pony porsche power president pretty
        prince princess private puppy purple pussy q1w2e3 q1w2e3r4 qazwsx qazwsxedc queen qwe123 qweasd
        qweasdzxc qwerasdf qwerasdfzxcv qwerty qwertyuiop qwertz rabbit racecar rachel racing raiders
        rainbow rangers raspberrypi realmadrid rebecca redsox remember rememberme rich richard richard1
        rihanna river robert robin roblox rocket rocky rome root rootpassword rootroot rosebud router ruby
        rugby runner russia rusty ryan sadie samantha sample samsung samuel samurai sandra sapphire sarah
        satan saturday saturn school scooby scoobydoo scorpion scotland secret secret123 secretpassword
        secure security september server sesame sexy sexygirl shadow shark shit signin silver simpsons
        sister skateboard skywalker slipknot smokey snake sniper snoopy snowboard soccer softball soldier
        something sonic sony sophia sophie space spaceship spider spiderman spring springtime star
        starlight stars startrek starwars steelers stephanie stephen steven storm strawberry strength
        student sugar summer summertime sunday sunflower sunrise sunset sunshine
        supercalifragilisticexpialidocious superman supersecret superuser surfing susan suzuki sweetheart
        sweetie sweety swimming swordfish sydney teacher temp temporary tennis tequila test test1234 tester
        testing testpassword testtest texas thepassword thequickbrownfox
        thequickbrownfoxjumpsoverthelazydog thisisapassword thisismypassword thomas thunder thursday
        thx1138 tiger tigger tobeornottobe tokyo toor topsecret tornado tottenham toyota trinity truelove
        trustme trustno1 tuesday tupac turtle twitter tyler ubuntu unicorn universe university unlock
        unlockme user username userpassword vacation vampire vanessa vault veronica verysecret victoria
        victory vienna viking vodka voldemort volkswagen volleyball warcraft warrior water watermelon
        wednesday welcome welcomehome whatever whiskey whisky white wifi william windows wine winner winter
        wintertime wireless witch wizard wolf wolverine worldofwarcraft xbox yamaha yankees yellow yoda
        yourpassword youtube zaq12wsx zaq1xsw2 zelda zombie zxcvbn zxcvbnm
        """
}
