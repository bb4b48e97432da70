package diag_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/diag/diagtest"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

func TestReadBatches(t *testing.T) {
	car := diagtest.Petrol()
	tester := tester(car)
	supported(t, tester)
	car.Asked = nil
	readings, missed, err := tester.ReadAll(context.Background())
	if err != nil || len(missed) > 0 {
		t.Fatalf("unread %v, %v", missed, err)
	}
	for _, want := range []struct {
		ecu    obd.Address
		signal string
		value  float64
	}{{engine, "ECT", 83}, {gearbox, "ECT", 82}, {engine, "IAT", 15}, {engine, "VPWR", 11.996}} {
		if r, ok := value(readings, want.ecu, want.signal); !ok || r.Value != want.value {
			t.Errorf("%s of %s = %+v, want %v", want.signal, want.ecu, r, want.value)
		}
	}
	if len(car.Asked) > 3 {
		t.Errorf("13 PIDs took %d requests: %v", len(car.Asked), car.Asked)
	}
}

// TestReadLearnsBatchSize shows that a fallback costs a few requests once, not every time.
func TestReadLearnsBatchSize(t *testing.T) {
	for _, limit := range []int{-1, 1, 2, 3, 5} {
		t.Run(fmt.Sprint(limit), func(t *testing.T) {
			car := diagtest.Petrol()
			car.Batch = map[string]int{"7E8": limit}
			tester := tester(car)
			support := supported(t, tester)
			for round := range 2 {
				car.Asked = nil
				readings, missed, err := tester.ReadAll(context.Background())
				if err != nil || len(missed) > 0 {
					t.Fatalf("unread %v, %v", missed, err)
				}
				for _, pid := range support.Of(engine) {
					if _, ok := value(readings, engine, catalog.Builtin().Command(obd.ServiceCurrentData, uint16(pid)).Signals[0].ID); !ok {
						t.Errorf("PID %02X is missing", pid)
					}
				}
				if want := (len(support.Of(engine))+max(limit, 1)-1)/max(limit, 1) + 2; round == 1 && len(car.Asked) > want {
					t.Errorf("%d requests when the size is known, want at most %d: %v", len(car.Asked), want, car.Asked)
				}
			}
		})
	}
}

func TestReadOneDeadPIDCostsOnlyItself(t *testing.T) {
	car := with(diagtest.Petrol(), map[string]string{"0105": "7E9 4105 7A", "0121": "7E8 7F0122"})
	tester := tester(car)
	supported(t, tester)
	readings, missed, err := tester.ReadAll(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "unread", whys(missed), []why{
		{engine, "0105", obd.NoReply, 0}, {engine, "0121", obd.Refused, 0x22},
	})
	for _, signal := range []string{"RPM", "IAT", "FLI", "VPWR"} {
		if _, ok := value(readings, engine, signal); !ok {
			t.Errorf("%s is missing", signal)
		}
	}
	if _, ok := value(readings, gearbox, "ECT"); !ok {
		t.Error("ECT of the gearbox is missing")
	}
	// The dead PID must not make the batches smaller.
	car.Asked = nil
	if _, _, err := tester.Read(context.Background(), 0x04, 0x0C, 0x0D, 0x0F, 0x10, 0x1F); err != nil || len(car.Asked) != 1 {
		t.Errorf("asked %v, %v", car.Asked, err)
	}
}

func TestReadDeadECU(t *testing.T) {
	car := diagtest.Petrol()
	tester := tester(car)
	supported(t, tester)
	for request, answer := range car.Script {
		if request[:2] == "01" {
			car.Script[request] = answer[:min(len(answer), indexOf(answer, "\n7E9"))]
		}
	}
	car.Asked = nil
	readings, missed, err := tester.ReadAll(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(missed) != 5 {
		t.Errorf("unread %v, want the five PIDs of the gearbox", whys(missed))
	}
	if _, ok := value(readings, engine, "RPM"); !ok {
		t.Error("RPM of the engine is missing")
	}
	if len(car.Asked) > 20 {
		t.Errorf("%d requests: %v", len(car.Asked), car.Asked)
	}
}

func indexOf(s, part string) int {
	for i := range s {
		if len(s)-i >= len(part) && s[i:i+len(part)] == part {
			return i
		}
	}
	return len(s)
}

func TestReadIncompleteAnswersAreAskedAlone(t *testing.T) {
	car := with(diagtest.Petrol(), map[string]string{
		"0902":     "7E8 !incomplete",
		"7E8<0902": "7E8 4902 01 314D3847444D3941584B50303432373838",
	})
	tester := tester(car)
	supported(t, tester)
	units, missed, err := tester.VIN(context.Background())
	if err != nil || len(missed) > 0 || len(units) != 1 || units[0].VIN != "1M8GDM9AXKP042788" {
		t.Errorf("VIN = %+v, unread %v, %v", units, missed, err)
	}
}

func TestReadEndsWithTheLink(t *testing.T) {
	car := with(diagtest.Petrol(), map[string]string{"0105": "!lost"})
	car.Batch = map[string]int{"7E8": -1, "7E9": -1}
	tester := tester(car)
	_, missed, err := tester.Read(context.Background(), 0x0C, 0x05, 0x0D)
	if !link.IsLost(err) {
		t.Errorf("error %v", err)
	}
	if n := len(missed); n == 0 || missed[n-1].Reason != obd.LinkLost {
		t.Errorf("unread %v", whys(missed))
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := tester.Read(ctx, 0x0C); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestReadTriesAFaultAgain(t *testing.T) {
	car := diagtest.Petrol()
	tester := tester(car)
	car.Script["010C"] = "!BUFFER FULL"
	car.On = func(request string) {
		if len(car.Asked) == 2 {
			car.Script["010C"] = "7E8 410C 1AF8"
		}
	}
	readings, missed, err := tester.Read(context.Background(), 0x0C)
	if r, ok := value(readings, engine, "RPM"); !ok || r.Value != 1726 || len(missed) > 0 || err != nil {
		t.Errorf("RPM = %v, unread %v, %v", r, missed, err)
	}
}

func TestAskWithOwnHeader(t *testing.T) {
	car := &diagtest.Car{Protocol: obd.CAN11x500, Script: map[string]string{"7EC<220101": "7EC 620101 0D05"}}
	signal := catalog.Signal{ID: "HV_SOC", Length: 8, Mul: 5, Div: 1, Support: -1}
	c := &catalog.Command{
		Service: obd.ServiceReadByID, ID: 0x0101, IDBytes: 2, Header: obd.CAN11(0x7E4), Reply: obd.CAN11(0x7EC),
		Signals: []catalog.Signal{signal},
	}
	readings, missed, err := tester(car).Ask(context.Background(), c)
	if err != nil || len(missed) > 0 || len(readings) != 1 || readings[0].Value != 65 {
		t.Errorf("readings %+v, unread %v, %v", readings, missed, err)
	}
}
