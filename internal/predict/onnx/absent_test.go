//go:build !onnx

package onnx_test

import (
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/onnx"
)

func TestThisBuildSaysWhatItLacks(t *testing.T) {
	_, err := onnx.Load(strings.NewReader("anything"))
	if errs.KindOf(err) != errs.Unsupported || !strings.Contains(errs.HintOf(err), "-tags onnx") {
		t.Errorf("%v", err)
	}
}
