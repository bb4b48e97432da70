package vin_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/fleetms/obdctl/internal/catalog/vin"
	"github.com/fleetms/obdctl/internal/obd"
)

// today is the day of all tests: model years up to 2027 exist.
var today = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// sealed returns a made-up number with the right check digit.
func sealed(t *testing.T, number string) string {
	t.Helper()
	digit, ok := vin.CheckDigit(number)
	if !ok {
		t.Fatalf("%s has no check digit", number)
	}
	return number[:8] + string(digit) + number[9:]
}

func TestCheckDigitOfTheRegulation(t *testing.T) {
	for number, want := range map[string]byte{
		"11111111111111111": '1', // the regulation's own test number
		"1M8GDM9AXKP042788": 'X', // the example of 49 CFR 565
		"1G4AH59H45G118341": '4', // the worked example
	} {
		if got, ok := vin.CheckDigit(number); got != want || !ok {
			t.Errorf("%s: %c, want %c", number, got, want)
		}
	}
	for _, bad := range []string{"", "1M8", "1M8GDM9AXKP04278I", "1M8GDM9AXKP0427880"} {
		if _, ok := vin.CheckDigit(bad); ok {
			t.Errorf("%q has a check digit", bad)
		}
	}
}

func TestMakersAndYears(t *testing.T) {
	for _, row := range []struct {
		number, maker, country string
		year                   int
	}{
		{sealed(t, "1HGCM82603A000123"), "Honda", "United States", 2003},
		{sealed(t, "1FTFX12F0AFA00123"), "Ford", "United States", 1980}, // a digit in position 7: before 2010
		{sealed(t, "1FTFW1EF0AFA00123"), "Ford", "United States", 2010}, // a letter: from 2010
		{sealed(t, "5YJ3E1EA0NF000123"), "Tesla", "United States", 2022},
		{sealed(t, "2T1BU4EE0AC000123"), "Toyota", "Canada", 2010},
		{sealed(t, "3VWDX7AJ0CM000123"), "Volkswagen", "Mexico", 2012},
		{sealed(t, "JTDKB20U083000123"), "Toyota", "Japan", 2008}, // built for North America: the check digit is right
		{sealed(t, "LSVAM4180C2000123"), "SAIC Volkswagen", "China", 2012},
		{"WVWZZZ1KZAW000123", "Volkswagen", "Germany", 2010},
		{"WAUZZZ8K9AA000123", "Audi", "Germany", 2010},
		{"YV1MW7652C2000123", "Volvo", "Sweden", 2012},
		{"WDB2030461A000123", "Mercedes-Benz", "Germany", 0}, // position 10 is something else
		{"VF1BZ0N0741000123", "Renault", "France", 0},
		{"ZFA31200000000123", "Fiat", "Italy", 0},
		{"WVWZZZ1KZTW000123", "Volkswagen", "Germany", 0}, // 1996 or 2026
		{"WVWZZZ1KZYW000123", "Volkswagen", "Germany", 2000},
	} {
		v := vin.DecodeAt(row.number, today)
		if v.Maker != row.maker || v.Country != row.country || v.ModelYear != row.year || !v.Plausible {
			t.Errorf("%s: %s, %s, %d (%s), want %s, %s, %d", row.number, v.Maker, v.Country, v.ModelYear, v.Explanation, row.maker, row.country, row.year)
		}
		if v.ModelYear == 0 && v.Explanation == "" {
			t.Errorf("%s: no year and no explanation", row.number)
		}
	}
}

func TestCheckDigitCountsWhereTheLawAsksForIt(t *testing.T) {
	for _, row := range []struct{ number, want string }{
		{sealed(t, "1HGCM82603A000123"), vin.Valid},
		{broken(sealed(t, "1HGCM82603A000123")), vin.Invalid},
		{broken(sealed(t, "2T1BU4EE0AC000123")), vin.Invalid},
		{broken(sealed(t, "3VWDX7AJ0CM000123")), vin.Invalid},
		{broken(sealed(t, "LSVAM4180C2000123")), vin.Invalid},
		{"WVWZZZ1KZAW000123", vin.NotUsed},
		{"VF1BZ0N0741000123", vin.NotUsed},
		{sealed(t, "KMHDU4AD0AU000123"), vin.Valid},
		{broken(sealed(t, "KMHDU4AD0AU000123")), vin.NotUsed},
	} {
		v := vin.DecodeAt(row.number, today)
		if v.CheckDigit != row.want {
			t.Errorf("%s: %q, want %q (%s)", row.number, v.CheckDigit, row.want, v.Explanation)
		}
		if (row.want == vin.Invalid) != strings.Contains(v.Explanation, "check digit (position 9)") {
			t.Errorf("%s: %s", row.number, v.Explanation)
		}
	}
}

// broken spoils the check digit.
func broken(number string) string {
	digit := byte('0')
	if number[8] == digit {
		digit = '1'
	}
	return number[:8] + string(digit) + number[9:]
}

// What ECUs and people really send.
func TestSloppyInput(t *testing.T) {
	number := sealed(t, "1HGCM82603A000123")
	for _, in := range []string{
		strings.ToLower(number), " " + number + "\r\n", "\x00\x00\x00" + number, number + "\x00\x00\x00",
		number[:3] + " " + number[3:8] + "-" + number[8:], "\xff\xff" + number, number + "   ",
	} {
		v := vin.DecodeAt(in, today)
		if v.VIN != number || !v.Plausible || v.Maker != "Honda" || v.CheckDigit != vin.Valid {
			t.Errorf("%q: %+v", in, v)
		}
	}
}

func TestMaskedSerialNumbers(t *testing.T) {
	number := sealed(t, "1HGCM82603A000123")
	for tail, plausible := range map[string]bool{"******": false, "00****": false, "XXXXXX": true, "000000": true} {
		v := vin.DecodeAt(number[:11]+tail, today)
		if v.Maker != "Honda" || v.ModelYear != 2003 || v.CheckDigit == vin.Invalid || v.Plausible != plausible {
			t.Errorf("%s: %+v", tail, v)
		}
		if !strings.Contains(v.Explanation, "masked") {
			t.Errorf("%s: %q", tail, v.Explanation)
		}
	}
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	for _, row := range []struct{ in, says string }{
		{"1HGCM82633A00435", "16 characters"},
		{"1HGCM82633A0043522", "18 characters"},
		{"1HGCM82633AO04352", "probably a misread 0"},
		{"1HGCM826I3A004352", "probably a misread 1"},
		{"1HGCM826?3A004352", "not of the VIN alphabet"},
		{"SA9AB12345C123456", "few vehicles"},
		{"XX1AB12345C123456", "not in the list"},
		{"EE1AB12345C123456", "region: Africa"},
		{sealed(t, "1HGCM8A60TA000123"), ""},
		{sealed(t, "1HGCM8A60YA000123"), "2030, which is still to come"},
		{sealed(t, "1XKAD49X0BJ000123"), ""},
		{sealed(t, "1XKAD49X0TJ000123"), "1996 or 2026"},
		{sealed(t, "1HGCM82600A000123"), "holds no model year"},
	} {
		v := vin.DecodeAt(row.in, today)
		if !strings.Contains(v.Explanation, row.says) || row.says == "" && v.Explanation != "" {
			t.Errorf("%s: %q, want %q", row.in, v.Explanation, row.says)
		}
		if v.ModelYear > today.Year()+1 {
			t.Errorf("%s: model year %d", row.in, v.ModelYear)
		}
	}
	if v := vin.DecodeAt("", today); v != (obd.Vehicle{}) {
		t.Errorf("%+v", v)
	}
	if v := vin.DecodeAt(strings.Repeat("\x00", 17), today); v != (obd.Vehicle{}) {
		t.Errorf("%+v", v)
	}
}

// The clock decides between the cycles of years.
func TestFutureYearsAreRefused(t *testing.T) {
	number := "WVWZZZ1KZTW000123" // T: 1996 or 2026
	for year, want := range map[int]int{2020: 1996, 2024: 1996, 2025: 0, 2040: 0} {
		v := vin.DecodeAt(number, time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC))
		if v.ModelYear != want {
			t.Errorf("in %d: %d, want %d", year, v.ModelYear, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"1HGCM82633A004352", "wvwzzz1kzaw000123", "", "\x00\xff", "1HGCM82633A******", "ÄÖÜ45678901234567", strings.Repeat("1", 400)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v := vin.DecodeAt(s, today)
		if !utf8.ValidString(v.VIN) || len(v.VIN) > 64 || len(v.Explanation) > 2000 {
			t.Fatalf("%q: %+v", s, v)
		}
		if v.Plausible && len(v.VIN) != vin.Length {
			t.Fatalf("%q: plausible with %d characters", s, len(v.VIN))
		}
		if v.ModelYear != 0 && (v.ModelYear < 1980 || v.ModelYear > 2027) {
			t.Fatalf("%q: model year %d", s, v.ModelYear)
		}
		if again := vin.DecodeAt(v.VIN, today); again != v {
			t.Fatalf("%q: %+v, then %+v", s, v, again)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		vin.DecodeAt("WVWZZZ1KZAW000123", today)
	}
}
