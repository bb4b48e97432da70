package evaluate

import (
	"bufio"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/life"
)

// engineColumns are those after unit and cycle.
const engineColumns = 24

// engineNames are the names of NASA's columns: three operating settings, 21 sensors.
func engineNames() []string {
	var names []string
	for i := 1; i <= 3; i++ {
		names = append(names, "os"+strconv.Itoa(i))
	}
	for i := 1; i <= 21; i++ {
		names = append(names, "s"+strconv.Itoa(i))
	}
	return names
}

// readEngines reads the units of all files of a pattern, in NASA's text (blanks, no header) or as CSV with one, plain
// or gzipped. Units of several files are joined by their number.
func readEngines(pattern string, failed bool) ([]life.Unit, error) {
	var units []life.Unit
	err := readLines(pattern, func(file string, number int, cells []string) error {
		if len(cells) != engineColumns+2 {
			return errs.New(errs.BadInput, "%s, line %d has %d columns: must be %d", file, number, len(cells), engineColumns+2)
		}
		row := make([]float64, engineColumns)
		for i := range row {
			v, err := strconv.ParseFloat(cells[i+2], 64)
			if err != nil {
				return errs.New(errs.BadInput, "%s, line %d, column %d is not a number", file, number, i+3)
			}
			row[i] = v
		}
		at := slices.IndexFunc(units, func(u life.Unit) bool { return u.ID == cells[0] })
		if at < 0 {
			at, units = len(units), append(units, life.Unit{ID: cells[0], Failed: failed})
		}
		u := &units[at]
		if cycle, err := strconv.Atoi(cells[1]); err != nil || cycle != len(u.Rows)+1 {
			return errs.New(errs.BadInput, "%s, line %d: cycle %s of unit %s follows %d", file, number, cells[1], u.ID, len(u.Rows))
		}
		u.Rows = append(u.Rows, row)
		return nil
	})
	return units, err
}

// readLives reads the true remaining lives of test units, one a line in the order of the units.
func readLives(pattern string) ([]float64, error) {
	var lives []float64
	err := readLines(pattern, func(file string, number int, cells []string) error {
		v, err := strconv.ParseFloat(cells[len(cells)-1], 64)
		if err != nil || v < 0 {
			return errs.New(errs.BadInput, "%s, line %d is not a number of cycles", file, number)
		}
		lives = append(lives, v)
		return nil
	})
	return lives, err
}

// readLines calls f for every line with content but a header in the files of a pattern; none is [errs.BadInput].
func readLines(pattern string, f func(file string, number int, cells []string) error) error {
	paths, err := filepath.Glob(pattern)
	if err != nil {
		return err
	}
	if len(paths) == 0 {
		return errs.New(errs.BadInput, "no file like %s", pattern).WithHint("give the folder of the data sets; its part cmapss has this file")
	}
	slices.Sort(paths)
	for _, path := range paths {
		if err := readFile(path, f); err != nil {
			return err
		}
	}
	return nil
}

func readFile(path string, f func(string, int, []string) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	var in io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if in, err = gzip.NewReader(file); err != nil {
			return errs.New(errs.BadInput, "read %s: %w", path, err)
		}
	}
	lines := bufio.NewScanner(in)
	for number := 1; lines.Scan(); number++ {
		cells := strings.FieldsFunc(lines.Text(), func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\r' })
		if len(cells) == 0 || number == 1 && !isNumber(cells[0]) {
			continue
		}
		if err := f(filepath.Base(path), number, cells); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return errs.New(errs.BadInput, "read %s: %w", path, err)
	}
	return nil
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}
