package actions

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNotificationsOfTheRegistryAreCountedFromZero(t *testing.T) {
	t.Parallel()
	var s State
	s.Notifications.Add("GONE", NotificationTotals{Delivered: 9})
	for range 2 {
		s = throughJSON(t, s) // as between two runs
		s.Notifications.Register([]string{"DRONE", "IDLE"})
		s.Notifications.Add("DRONE", NotificationTotals{1, 2, 3, 4, 5, 6})
	}
	want := Notifications{Branches: map[string]NotificationTotals{"DRONE": {2, 4, 6, 8, 10, 12}, "IDLE": {}}}
	if diff := cmp.Diff(want, s.Notifications); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
