package lang

import (
	"fmt"
	"strconv"
	"time"
)

// calendar writes days in a language; the names are those of CLDR 48, Gregorian.
type calendar struct {
	months      [12]string // inside a date
	shortMonths [12]string
	weekdays    [7]string // from Sunday, at the head of a date that stands alone
	shortDays   [7]string
	comma       string // between weekday and date
	at          string // between date and time of day
	first       string // the first of a month; "" is "1"
	slash       string // in a date of numbers
}

// day is "Saturday 21 November".
func (c *calendar) day(t time.Time) string {
	return c.weekdays[t.Weekday()] + c.comma + c.inMonth(t, &c.months)
}

// dayOfYear is "Saturday 21 November 2026".
func (c *calendar) dayOfYear(t time.Time) string {
	return c.weekdays[t.Weekday()] + c.comma + c.date(t)
}

// date is "21 November 2026".
func (c *calendar) date(t time.Time) string {
	return c.inMonth(t, &c.months) + " " + strconv.Itoa(t.Year())
}

// shortDate is "21 Nov".
func (c *calendar) shortDate(t time.Time) string { return c.inMonth(t, &c.shortMonths) }

// weekday is "Sat".
func (c *calendar) weekday(t time.Time) string { return c.shortDays[t.Weekday()] }

// numbers is "21/11/2026".
func (c *calendar) numbers(t time.Time) string {
	return fmt.Sprintf("%02d%s%02d%s%d", t.Day(), c.slash, int(t.Month()), c.slash, t.Year())
}

func (c *calendar) inMonth(t time.Time, months *[12]string) string {
	day := strconv.Itoa(t.Day())
	if t.Day() == 1 && c.first != "" {
		day = c.first
	}
	return day + " " + months[t.Month()-1]
}

var inEnglish = calendar{
	months: [12]string{"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December"},
	shortMonths: [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	weekdays:    [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	shortDays:   [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
	comma:       " ", at: ", ", slash: "/",
}

var inFrench = calendar{
	months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin",
		"juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	shortMonths: [12]string{"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."},
	weekdays:    [7]string{"Dimanche", "Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi"},
	shortDays:   [7]string{"dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."},
	comma:       " ", at: " à ", first: "1er", slash: "/",
}

// The numbers of an Arabic date stand in the order of reading: a right-to-left mark before
// each slash keeps them from becoming one run from left to right.
var inArabic = calendar{
	months:      arabicMonths,
	shortMonths: arabicMonths,
	weekdays:    arabicDays,
	shortDays:   arabicDays,
	comma:       "، ", at: "، ", slash: "\u200f/",
}

var (
	arabicMonths = [12]string{"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو",
		"يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"}
	arabicDays = [7]string{"الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"}
)
