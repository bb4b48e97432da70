package evaluate

import (
	"context"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/isolation"
	"github.com/fleetms/obdctl/internal/predict/metric"
)

// reference is what scikit-learn's IsolationForest (100 trees of 256 rows) reaches on a set: the mean AUC of seeds, and how
// the seeds scatter. Measured by internal/predict/reference/isolation.py with scikit-learn 1.9.1, 20 seeds.
type reference struct {
	set       string
	auc, seed float64 // mean, standard deviation of one seed
}

func references() []reference {
	return []reference{
		{"mammography", 0.8611, 0.0099}, {"shuttle", 0.9969, 0.0008}, {"annthyroid", 0.8199, 0.0145},
		{"satimage-2", 0.9934, 0.0014}, {"cardio", 0.9269, 0.0104}, {"fault", 0.5711, 0.0147},
	}
}

const isolationSeeds = 20

// ADBench measures the isolation forest on the anomaly benchmarks of S. Han et al. ("ADBench", NeurIPS 2022), without
// labels in training, against what scikit-learn reaches on the same rows.
func ADBench(ctx context.Context, dir string, progress io.Writer) ([]Figure, error) {
	files, err := filepath.Glob(filepath.Join(dir, "adbench", "*.csv.gz"))
	if err != nil || len(files) == 0 {
		return nil, errs.New(errs.BadInput, "evaluate isolation forest: no set in %s", filepath.Join(dir, "adbench"))
	}
	var all []Figure
	for _, path := range files {
		set := strings.TrimSuffix(filepath.Base(path), ".csv.gz")
		fmt.Fprintf(progress, "ADBench %s: %d seeds\n", set, isolationSeeds)
		x, odd, err := readOdd(path)
		if err != nil {
			return nil, fmt.Errorf("evaluate isolation forest on %s: %w", set, err)
		}
		f, err := isolationFigure(ctx, set, x, odd)
		if err != nil {
			return nil, fmt.Errorf("evaluate isolation forest on %s: %w", set, err)
		}
		all = append(all, f)
	}
	return all, nil
}

// readOdd reads rows whose last column tells anomalies.
func readOdd(path string) (x [][]float64, odd []bool, err error) {
	t, err := readTable(path)
	if err != nil {
		return nil, nil, err
	}
	for n, cells := range t.rows {
		row := make([]float64, len(cells))
		for i, c := range cells {
			if row[i], err = strconv.ParseFloat(c, 64); err != nil {
				return nil, nil, errs.New(errs.BadInput, "row %d, column %d: %w", n+1, i+1, err)
			}
		}
		last := len(row) - 1
		x, odd = append(x, row[:last]), append(odd, row[last] == 1)
	}
	return x, odd, nil
}

// isolationFigure is the mean AUC of the seeds. It is met within 0.01, or within two standard errors of the difference of
// two means of 20 seeds.
func isolationFigure(ctx context.Context, set string, x [][]float64, odd []bool) (Figure, error) {
	mean, square := 0.0, 0.0
	scores := make([]float64, len(x))
	for seed := range isolationSeeds {
		o := isolation.Default()
		o.Seed = uint64(seed + 1)
		m, err := isolation.Fit(ctx, x, o)
		if err != nil {
			return Figure{}, err
		}
		for i, row := range x {
			scores[i] = m.Score(row)
		}
		auc := metric.AUC(odd, scores)
		mean, square = mean+auc/isolationSeeds, square+auc*auc/isolationSeeds
	}
	scatter := math.Sqrt(max(0, square-mean*mean) * isolationSeeds / (isolationSeeds - 1))
	half := 1.96 * scatter / math.Sqrt(isolationSeeds)
	f := Figure{Model: "isolation forest", Data: "ADBench " + set, Split: fmt.Sprintf("all %d rows, no labels, %d seeds", len(x), isolationSeeds), Metric: "AUC",
		Value: mean, Low: mean - half, High: mean + half, Target: math.NaN(), Better: Higher, Note: "no figure of scikit-learn to hold it against"}
	for _, r := range references() {
		if r.set != set {
			continue
		}
		within := max(0.01, 2*math.Sqrt((scatter*scatter+r.seed*r.seed)/isolationSeeds))
		f.Target, f.Note = r.auc-within, fmt.Sprintf("scikit-learn %.4f; met when within %.4f of it on either side", r.auc, within)
		f.Met = math.Abs(mean-r.auc) <= within
	}
	return f, nil
}
