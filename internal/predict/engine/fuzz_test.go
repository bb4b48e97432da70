package engine_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/predict/engine"
)

func FuzzLoad(f *testing.F) {
	var b bytes.Buffer
	if m, err := learned(); err == nil && m.Save(&b) == nil {
		f.Add(b.Bytes())
	}
	f.Add([]byte(`{"version":1}`))
	f.Add([]byte(`{"version":1,"coolant":{"Regulated":90},"limits":[{"measure":"idle roughness","side":"above","value":2,"usual":1,"spread":1}]}`))
	tr := trip(newCar(1))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := engine.Load(bytes.NewReader(b))
		if err != nil {
			return
		}
		v := m.Judge(&tr) // whatever loads must judge without a panic and without what is no number
		if math.IsNaN(v.Score) {
			t.Errorf("score %v", v.Score)
		}
	})
}

func FuzzNewTrip(f *testing.F) {
	f.Add(make([]byte, 200))
	ids := append(engine.Signals(), "OTHER")
	f.Fuzz(func(t *testing.T, b []byte) {
		var rs []obd.Reading
		start := time.Unix(1e9, 0)
		for ; len(b) >= 10; b = b[10:] {
			rs = append(rs, obd.Reading{At: start.Add(time.Duration(int16(binary.LittleEndian.Uint16(b))) * time.Second * 10),
				Signal: ids[int(b[9])%len(ids)], Value: math.Float64frombits(binary.LittleEndian.Uint64(b[2:]))})
		}
		tr := engine.NewTrip("fuzz", slices.Values(rs))
		engine.Untrained().Judge(&tr)
	})
}
