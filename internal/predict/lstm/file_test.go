package lstm_test

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/lstm"
)

func saved(t testing.TB) (*lstm.Network, []lstm.Sample, []byte) {
	t.Helper()
	c, tr := small()
	tr.Epochs = 1
	all := line(c, 32)
	n, _, err := lstm.Train(context.Background(), c, tr, all, nil)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := n.Save(&b); err != nil {
		t.Fatal(err)
	}
	return n, all, b.Bytes()
}

func TestALoadedNetworkSaysTheSame(t *testing.T) {
	n, all, file := saved(t)
	got, err := lstm.Load(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		a, _ := n.Predict([][]float32{s.Rows})
		b, err := got.Predict([][]float32{s.Rows})
		if err != nil || !slices.Equal(a[0], b[0]) {
			t.Fatalf("saved %v, loaded %v, %v", a, b, err)
		}
	}
}

func TestADamagedFileIsRefused(t *testing.T) {
	_, _, file := saved(t)
	for i := range file {
		if _, err := lstm.Load(bytes.NewReader(file[:i])); errs.KindOf(err) != errs.BadInput {
			t.Fatalf("cut at %d of %d: %v", i, len(file), err)
		}
		bad := slices.Clone(file)
		bad[i] ^= 0x10
		if _, err := lstm.Load(bytes.NewReader(bad)); errs.KindOf(err) != errs.BadInput {
			t.Fatalf("byte %d of %d changed: %v", i, len(file), err)
		}
	}
}

func FuzzLoad(f *testing.F) {
	c := lstm.Config{Inputs: 1, Steps: 1, Hidden: 1, Layers: 1, Outputs: outputs()[:1]}
	n, _, err := lstm.Train(context.Background(), c, lstm.Training{Epochs: 1, Batch: 4, Rate: 1e-3}, line(c, 4), nil)
	if err != nil {
		f.Fatal(err)
	}
	var file bytes.Buffer
	if err := n.Save(&file); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	f.Add(file.Bytes()[:40])
	f.Add([]byte("obdlstm1\x02\x00\x00\x00{}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		n, err := lstm.Load(bytes.NewReader(b))
		if err != nil {
			if errs.KindOf(err) != errs.BadInput {
				t.Fatalf("an unexpected kind of error: %v", err)
			}
			return
		}
		var again bytes.Buffer
		if err := n.Save(&again); err != nil {
			t.Fatal(err)
		}
		if m, err := lstm.Load(&again); err != nil || !slices.Equal(lstm.Flat(m), lstm.Flat(n)) {
			t.Fatalf("what loads must save and load again: %v", err)
		}
	})
}
