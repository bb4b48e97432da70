package lang

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// numberStyle is how a language writes numbers.
type numberStyle struct {
	decimal, group string
	groupFrom      int // digits before the decimal sign from which groups are parted
}

func styleOf(w *Words) numberStyle {
	from, err := strconv.Atoi(w.T("format.group_from"))
	if err != nil {
		from = 4
	}
	return numberStyle{decimal: w.T("format.decimal"), group: w.T("format.group"), groupFrom: from}
}

// Number writes a number with so many digits behind the decimal sign; a negative count means as many as it needs,
// three at most. What is no number is written as a dash.
func (w *Words) Number(v float64, digits int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "–"
	}
	if digits < 0 {
		digits = needed(v)
	}
	text := strconv.FormatFloat(math.Abs(v), 'f', digits, 64)
	whole, rest, _ := strings.Cut(text, ".")
	var b strings.Builder
	if v < 0 && strings.Trim(text, "0.") != "" {
		b.WriteString("−")
	}
	grouped := len(whole) >= w.number.groupFrom && len(whole) <= 18
	for i, d := range whole {
		if grouped && i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(w.number.group)
		}
		b.WriteRune(d)
	}
	if rest != "" {
		b.WriteString(w.number.decimal + rest)
	}
	return b.String()
}

// needed is how many of three digits a number has behind its decimal sign.
func needed(v float64) int {
	if math.Abs(v) >= 1e12 {
		return 0
	}
	text := strings.TrimRight(strconv.FormatFloat(v, 'f', 3, 64), "0")
	_, rest, _ := strings.Cut(text, ".")
	return len(rest)
}

// Date writes the day: "23 November 2026".
func (w *Words) Date(t time.Time) string { return w.pattern("format.date", t) }

// ShortDate writes the day in digits.
func (w *Words) ShortDate(t time.Time) string { return w.pattern("format.short_date", t) }

// Clock writes hours and minutes.
func (w *Words) Clock(t time.Time) string { return t.Format("15:04") }

// DateTime writes day and time of day.
func (w *Words) DateTime(t time.Time) string { return w.ShortDate(t) + " " + w.Clock(t) }

// DayMonth writes a day without its year.
func (w *Words) DayMonth(t time.Time) string { return w.pattern("format.day_month", t) }

// MonthYear writes a month.
func (w *Words) MonthYear(t time.Time) string { return w.pattern("format.month_year", t) }

func (w *Words) pattern(key string, t time.Time) string {
	month := "m" + strconv.Itoa(int(t.Month()))
	return w.T(key,
		"d", t.Day(), "dd", t.Format("02"), "mm", t.Format("01"), "yyyy", t.Format("2006"),
		"month", w.T("month."+month), "mon", w.T("mon."+month))
}

// Duration writes hours and minutes, or minutes and seconds when it is short.
func (w *Words) Duration(d time.Duration) string {
	d = max(d, 0).Round(time.Second)
	h, m, s := int(d/time.Hour), int(d/time.Minute)%60, int(d/time.Second)%60
	switch {
	case h > 0:
		return w.T("format.hours", "h", w.Number(float64(h), 0), "m", strconv.Itoa(m))
	case m >= 10 || m > 0 && s == 0:
		return w.T("format.minutes", "m", m)
	case m > 0:
		return w.T("format.minutes_seconds", "m", m, "s", s)
	}
	return w.T("format.seconds", "s", s)
}

// List joins words as a sentence does: "a, b and c".
func (w *Words) List(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " " + w.T("format.and") + " " + words[last]
}
