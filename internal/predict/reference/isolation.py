# IsolationForest of scikit-learn on the ADBench sets: mean AUC and scatter of 20 seeds.
# usage: python3 isolation.py DATA/adbench
import glob, os, sys
import numpy as np
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score
for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.csv.gz"))):
    rows = np.loadtxt(path, delimiter=",", skiprows=1)
    x, y = rows[:, :-1], rows[:, -1]
    auc = [roc_auc_score(y, -IsolationForest(n_estimators=100, max_samples=256, random_state=s).fit(x).score_samples(x)) for s in range(20)]
    print(f"{os.path.basename(path)[:-7]} {np.mean(auc):.4f} {np.std(auc, ddof=1):.4f}", flush=True)
