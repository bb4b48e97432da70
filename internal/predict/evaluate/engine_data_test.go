package evaluate_test

import (
	"testing"

	"github.com/fleetms/obdctl/internal/predict/evaluate"
)

func TestCarOBDFigures(t *testing.T) { show(t, evaluate.CarOBD) }

func TestKITOBDFigures(t *testing.T) { show(t, evaluate.KITOBD) }

func TestEngineHealthFigures(t *testing.T) { show(t, evaluate.EngineHealth) }
