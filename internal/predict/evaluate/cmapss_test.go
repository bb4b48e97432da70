package evaluate_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/evaluate"
)

func TestTurbofanFigures(t *testing.T) {
	show(t, func(dir string) ([]evaluate.Figure, error) { return evaluate.CMAPSS(t.Context(), dir, t.Output()) })
}

// turbofans writes lines of made-up engines in NASA's columns; sensor 4 wears, sensor 9 is noise, the others stand.
func turbofans(units, until int, blank string) (text string, lives []int) {
	r := rand.New(rand.NewPCG(1, uint64(until)))
	var b strings.Builder
	for u := range units {
		long := 100 + r.IntN(60)
		shown := min(long, until)
		lives = append(lives, long-shown)
		for c := range shown {
			cells := []string{fmt.Sprint(u + 1), fmt.Sprint(c + 1)}
			for i := range 24 {
				v := 100.0
				switch i {
				case 6:
					v = 1400 + 30*math.Exp(-float64(long-1-c)/40) + r.NormFloat64()
				case 11:
					v = r.NormFloat64()
				}
				cells = append(cells, fmt.Sprintf("%.4f", v))
			}
			b.WriteString(strings.Join(cells, blank) + "\n")
		}
	}
	return b.String(), lives
}

func TestTurbofansInEveryFormAndTheOfficialTest(t *testing.T) {
	quick := evaluate.AllTurbofans()
	quick.Folds, quick.Settings.Members, quick.Settings.Epochs = 2, 2, 10
	dir := filepath.Join(t.TempDir(), "cmapss")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		t.Helper()
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		var w io.WriteCloser = f
		if strings.HasSuffix(name, ".gz") {
			w = gzip.NewWriter(f)
			defer w.Close()
		}
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
	}
	asText, _ := turbofans(13, 1000, " ")
	asCSV, _ := turbofans(13, 1000, ",")
	test, lives := turbofans(6, 80, " ")
	write("train_FD001.txt", asText)
	write("train_FD003_units1-80.csv.gz", "unit,cycle"+strings.Repeat(",x", 24)+"\n"+asCSV)
	write("test_FD001.txt", test)
	write("RUL_FD001.txt", strings.Trim(fmt.Sprint(lives), "[]"))
	if _, err := quick.Measure(t.Context(), filepath.Dir(dir), io.Discard); err == nil {
		t.Fatal("six lives in one line are one life")
	}
	write("RUL_FD001.txt", strings.ReplaceAll(strings.Trim(fmt.Sprint(lives), "[]"), " ", "\n"))
	figures, err := quick.Measure(t.Context(), filepath.Dir(dir), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	official := 0
	for _, f := range figures {
		if strings.HasPrefix(f.Split, "official") {
			official++
		}
		if math.IsNaN(f.Value) || f.Promised() && f.Met != (f.Value <= f.Target) && f.Better == evaluate.Lower {
			t.Errorf("%+v", f)
		}
		if strings.HasPrefix(f.Metric, "RMSE") && f.Value > 30 { // the mean of all lives is off by 37
			t.Errorf("off by more than half of guessing: %v", f)
		}
	}
	if len(figures) != 2*2*5+2*3 || official != 2*3 {
		t.Errorf("%d figures, %d on official test units", len(figures), official)
	}
}

func TestBrokenTurbofansAreNamed(t *testing.T) {
	good := "1 1" + strings.Repeat(" 5", 24)
	for text, want := range map[string]string{
		"1 1 5 5": "line 1 has 4 columns",
		good + "\n1 3" + strings.Repeat(" 5", 24): "cycle 3 of unit 1 follows 1",
		"1 1 x" + strings.Repeat(" 5", 23):        "column 3 is not a number",
		good:                                      "5 folds of 1 groups",
		strings.Repeat("9", 80_000):               "token too long",
	} {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "cmapss"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "cmapss", "train_FD001.txt"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := evaluate.CMAPSS(t.Context(), dir, io.Discard)
		if errs.KindOf(err) != errs.BadInput && errs.KindOf(err) != errs.Usage || !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%.30q: %v, want %q", text, err, want)
		}
	}
	_, err := evaluate.CMAPSS(t.Context(), t.TempDir(), io.Discard)
	if errs.KindOf(err) != errs.BadInput || errs.HintOf(err) == "" {
		t.Errorf("no data: %v", err)
	}
}
