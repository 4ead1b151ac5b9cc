package start

import "strings"

// commonWords are what people choose first, most frequent first. It is short on purpose:
// it must catch what a first dictionary tries, the estimate does the rest.
var commonWords = rank(`password 123456 123456789 qwerty 12345678 111111 12345 1234567
iloveyou admin letmein welcome monkey dragon football baseball master sunshine shadow
princess azerty trustno1 superman batman michael jennifer jordan hunter charlie thomas
andrew daniel jessica ashley secret login starwars computer internet freedom whatever
killer pepper summer winter spring autumn flower cookie banana chocolate orange purple
silver golden diamond soccer hockey hello test guest root pass changeme default access
mustang corvette ferrari mercedes porsche samsung google facebook apple windows linux
motdepasse marseille soleil doudou loulou chouchou bonjour amour jetaime nicolas
camille julien isabelle parisien chocolat coucou bismillah inshallah alhamdulillah
allah mohamed mohammed muhammad ahmed ali fatima mariam habibi salam marhaba tunis
cairo beirut baghdad paris london berlin passwort hallo schatz geheim contrasena
hola amor teamo barcelona madrid realmadrid juventus liverpool arsenal chelsea
tacit messenger signal love god sex money angel baby lucky happy family friend
monday tuesday wednesday thursday friday saturday sunday january february march april
june july august september october november december`)

func rank(list string) map[string]int {
	ranks := map[string]int{}
	for i, word := range strings.Fields(list) {
		ranks[word] = i + 1
	}
	return ranks
}

// tracks are the rows that fingers and minds run along, in both directions.
var tracks = []string{
	"abcdefghijklmnopqrstuvwxyz",
	"01234567890",
	"qwertyuiop", "asdfghjkl", "zxcvbnm",
	"azertyuiop", "qsdfghjklm", "wxcvbn",
	"qwertzuiop", "yxcvbnm",
	"qazwsxedcrfvtgbyhnujmikolp",
	"!@#$%^&*()",
	"ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
	"ضصثقفغعهخحجد", "شسيبلاتنمكط",
}
