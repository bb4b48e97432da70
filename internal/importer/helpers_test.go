package importer_test

import (
	"time"

	"github.com/fleetms/obdctl/internal/importer"
)

func midnight2000(o importer.Options) time.Time { return time.Date(2000, 1, 1, 0, 0, 0, 0, o.Zone) }
