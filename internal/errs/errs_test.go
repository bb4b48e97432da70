package errs_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/fleetms/obdctl/internal/errs"
)

func TestKindAndHintSurviveWrapping(t *testing.T) {
	below := errs.New(errs.NoVehicle, "no reply").WithHint("switch the ignition on")
	err := fmt.Errorf("scan: %w", fmt.Errorf("read VIN: %w", below))
	if errs.KindOf(err) != errs.NoVehicle || errs.HintOf(err) != "switch the ignition on" {
		t.Errorf("got %v, %q", errs.KindOf(err), errs.HintOf(err))
	}
	above := errs.New(errs.Adapter, "connect: %w", below)
	if errs.KindOf(above) != errs.Adapter || errs.HintOf(above) != "switch the ignition on" {
		t.Errorf("the outermost kind and the nearest hint count: got %v, %q", errs.KindOf(above), errs.HintOf(above))
	}
}

func TestExitCodesAreDistinct(t *testing.T) {
	seen := map[int]errs.Kind{}
	for k := errs.Internal; k <= errs.Cancelled; k++ {
		if other, ok := seen[k.ExitCode()]; ok || k.ExitCode() == 0 {
			t.Errorf("%s and %s both exit with %d", k, other, k.ExitCode())
		}
		seen[k.ExitCode()] = k
	}
}

func TestPlainErrors(t *testing.T) {
	if errs.KindOf(errors.New("odd")) != errs.Internal {
		t.Error("an error of no known kind is internal")
	}
	if errs.KindOf(fmt.Errorf("read: %w", context.Canceled)) != errs.Cancelled {
		t.Error("a cancelled context is cancelled")
	}
}
