package unit

// twin is the imperial unit of a metric one: imperial = metric*factor + offset.
type twin struct {
	metric, imperial string
	factor, offset   float64
}

// Exact factors where the definition is exact: the inch, the pound and the US gallon are defined in SI.
const (
	perMile   = 1 / 1.609344
	perInch   = 1 / 25.4
	perFoot   = 1 / 0.3048
	perPound  = 1 / 0.45359237
	perGallon = 1 / 3.785411784
	perPSI    = 1 / 6.894757293168361 // kPa
	perFtLbf  = 1 / 1.3558179483314004
)

var twins = []twin{
	{"Cel", "[degF]", 1.8, 32},
	{"km/h", "[mi_i]/h", perMile, 0},
	{"km", "[mi_i]", perMile, 0},
	{"m", "[ft_i]", perFoot, 0},
	{"cm", "[in_i]", perInch * 10, 0},
	{"mm", "[in_i]", perInch, 0},
	{"Pa", "[psi]", perPSI / 1000, 0},
	{"kPa", "[psi]", perPSI, 0},
	{"MPa", "[psi]", perPSI * 1000, 0},
	{"bar", "[psi]", perPSI * 100, 0},
	{"L", "[gal_us]", perGallon, 0},
	{"L/h", "[gal_us]/h", perGallon, 0},
	{"kg", "[lb_av]", perPound, 0},
	{"g/s", "[lb_av]/min", perPound * 60 / 1000, 0},
	{"kg/h", "[lb_av]/min", perPound / 60, 0},
	{"N.m", "[ft_i].[lbf_av]", perFtLbf, 0},
	{"kW", "[HP]", 1 / 0.7456998715822702, 0},
	{"km/(kW.h)", "[mi_i]/(kW.h)", perMile, 0},
	{"kW.h/(100.km)", "kW.h/(100.[mi_i])", 1.609344, 0},
}

// Imperial returns a metric value in the unit that a US face shows; other units come back unchanged.
func Imperial(value float64, code string) (float64, string) {
	for _, t := range twins {
		if t.metric == code {
			return value*t.factor + t.offset, t.imperial
		}
	}
	return value, code
}
