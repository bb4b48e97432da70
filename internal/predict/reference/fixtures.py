"""Writes the small foreign models of ../foreign/testdata and ../onnx/testdata, with what the originals say.

    pip install numpy onnx xgboost lightgbm
    python3 internal/predict/reference/fixtures.py

All data are made up here. The models are committed, so that no test needs Python.
"""

import json
import os

import lightgbm
import numpy as np
import onnx
import xgboost

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "..", "foreign", "testdata")
expected = {"rows": [], "models": {}}


def data(seed, n):
    r = np.random.default_rng(seed)
    x = np.column_stack([r.normal(size=n).round(2), r.normal(size=n), r.integers(0, 3, n), r.integers(0, 40, n), r.random(n) * (r.random(n) < 0.5)])
    y = 2 * x[:, 0] + (x[:, 1] > 0) + np.isin(x[:, 3], [1, 5, 17, 33, 38]) * 3 + x[:, 4] + 0.1 * r.normal(size=n)
    x[:, :2][r.random((n, 2)) < 0.1] = np.nan
    y = np.nan_to_num(y)
    return x, y


x, y = data(1, 600)
rows, _ = data(2, 30)
rows[0, :] = np.nan
rows[1, 3] = 99  # a category that training did not see
rows[2, 3] = np.nan
rows[3, 0] = np.float32(0.13)  # as near to thresholds as float32 comes
expected["rows"] = [[None if np.isnan(v) else v for v in row] for row in rows]
classes = np.digitize(y, [0, 2])
LABEL = {"binary:logistic": (y > 1) * 1.0, "count:poisson": np.round(np.abs(y)), "multi:softprob": classes}


def note(name, predictions, parts=None):
    expected["models"][name] = {"predictions": np.asarray(predictions, dtype=float).tolist()}
    if parts is not None:
        expected["models"][name]["parts"] = np.asarray(parts, dtype=float).tolist()


def xgb(name, objective, types=None, **more):
    d = xgboost.DMatrix(x, LABEL.get(objective, y), feature_types=types, enable_categorical=types is not None)
    t = xgboost.DMatrix(rows, feature_types=types, enable_categorical=types is not None)
    m = xgboost.train({"objective": objective, "max_depth": 3, "tree_method": "hist", **more}, d, 6)
    m.save_model(os.path.join(OUT, name))
    several = objective.startswith("multi")
    note(name, m.predict(t), None if several else m.predict(t, pred_contribs=True))


def lgb(name, objective, categories="auto", **more):
    label = {"binary": (y > 1) * 1, "poisson": np.round(np.abs(y)), "multiclass": classes, "multiclassova": classes}.get(objective, y)
    d = lightgbm.Dataset(x, label, categorical_feature=categories, params={"verbose": -1})
    m = lightgbm.train({"objective": objective, "num_leaves": 6, "verbose": -1, "min_data_in_leaf": 5, "num_threads": 1, **more}, d, 5)
    path = os.path.join(OUT, name)
    m.save_model(path)
    text = open(path).read()
    with open(path, "w") as f:
        f.write(text[: text.index("end of trees") + len("end of trees\n")])  # what follows are the trainer's settings
    several = objective.startswith("multi")
    parts = None if several else np.asarray(m.predict(rows, pred_contrib=True))
    if more.get("boosting") == "rf":
        parts /= 5  # LightGBM averages a forest's predictions and forgets to average their attributions
    note(name, m.predict(rows), parts)


xgb("xgb_squared.json", "reg:squarederror")
xgb("xgb_logistic.json", "binary:logistic")
xgb("xgb_poisson.json", "count:poisson")
xgb("xgb_classes.json", "multi:softprob", num_class=3)
xgb("xgb_dart.json", "reg:squarederror", booster="dart", rate_drop=0.5, seed=3)
xgb("xgb_categories.json", "reg:squarederror", types=["q", "q", "c", "c", "q"], max_cat_to_onehot=1)
lgb("lgb_squared.txt", "regression")
lgb("lgb_root.txt", "regression", reg_sqrt=True)
lgb("lgb_binary.txt", "binary", sigmoid=0.7)
lgb("lgb_poisson.txt", "poisson")
lgb("lgb_classes.txt", "multiclass", num_class=3)
lgb("lgb_one_to_rest.txt", "multiclassova", num_class=3)
lgb("lgb_categories.txt", "regression", categories=[2, 3], min_data_per_group=5, cat_smooth=1)
lgb("lgb_zeros.txt", "regression", zero_as_missing=True)
lgb("lgb_no_missing.txt", "regression", use_missing=False)
lgb("lgb_forest.txt", "regression", boosting="rf", bagging_fraction=0.6, bagging_freq=1)
with open(os.path.join(OUT, "expected.json"), "w") as f:
    json.dump(expected, f)


def network():
    """Two layers, 3 to 4 to 1, with made-up weights."""
    r = np.random.default_rng(3)
    w1, b1, w2, b2 = (r.normal(size=shape).astype(np.float32) for shape in ((3, 4), (4,), (4, 1), (1,)))
    h, F = onnx.helper, onnx.TensorProto.FLOAT
    nodes = [
        h.make_node("Gemm", ["X1", "w1", "b1"], ["Y1"]),
        h.make_node("Relu", ["Y1"], ["Y2"]),
        h.make_node("Gemm", ["Y2", "w2", "b2"], ["Y3"]),
        h.make_node("Tanh", ["Y3"], ["Y4"]),
    ]
    weights = [onnx.numpy_helper.from_array(v, name) for name, v in (("w1", w1), ("b1", b1), ("w2", w2), ("b2", b2))]
    graph = h.make_graph(nodes, "network", [h.make_tensor_value_info("X1", F, ["rows", 3])], [h.make_tensor_value_info("Y4", F, ["rows", 1])], weights)
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", 17)], ir_version=8, producer_name="")
    onnx.checker.check_model(model)
    folder = os.path.join(HERE, "..", "onnx", "testdata")
    onnx.save(model, os.path.join(folder, "network.onnx"))
    x = r.normal(size=(8, 3))
    y = np.tanh(np.maximum(x @ w1 + b1, 0) @ w2 + b2)
    with open(os.path.join(folder, "expected.json"), "w") as f:
        json.dump({"rows": x.tolist(), "outputs": y.tolist()}, f)


network()
