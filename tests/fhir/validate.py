"""Validates exported bundles: the R4B definitions of fhir.resources, then what a schema can't say.

Exits with 1 and every finding, one a line. Usage: validate.py BUNDLE.json...
"""

import json
import sys

from fhir.resources.R4B.bundle import Bundle

UCUM = "http://unitsofmeasure.org"
LOINC = "http://loinc.org"
STATUS = {
    "Observation": {"final", "amended", "entered-in-error", "preliminary"},
    "Encounter": {"in-progress", "finished"},
    "MedicationAdministration": {
        "in-progress", "on-hold", "completed", "entered-in-error", "stopped",
    },
}
UNITS = {"8480-6": "mm[Hg]", "8462-4": "mm[Hg]", "8478-0": "mm[Hg]", "8867-4": "/min",
         "8889-8": "/min", "59408-5": "%", "9279-1": "/min"}
WANTED = {"Patient", "Encounter", "Observation", "MedicationAdministration", "Device",
          "Provenance"}


def loinc(concept):
    """The first LOINC code of a concept."""
    codes = [one["code"] for one in concept.get("coding", []) if one.get("system") == LOINC]
    return codes[0] if codes else None


def references(node):
    """Every reference below a node that goes to another resource."""
    if isinstance(node, dict):
        target = node.get("reference")
        if isinstance(target, str) and not target.startswith("#"):
            yield target
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def pressure(resource):
    """The constraints of the R4 blood pressure profile."""
    parts = {loinc(part["code"]): part for part in resource.get("component", [])}
    for code in ("8480-6", "8462-4"):
        part = parts.get(code)
        if part is None:
            yield f"no component {code}"
        elif ("valueQuantity" in part) == ("dataAbsentReason" in part):
            yield f"component {code} must have a value or say why it has none"


def quantity(holder):
    """The unit that goes with the code, in UCUM."""
    value, code = holder.get("valueQuantity"), loinc(holder.get("code", {}))
    if value is None:
        return
    if value.get("system") != UCUM or value.get("code") != UNITS.get(code):
        yield f"{code} in {value.get('code')}"


def observation(resource):
    """What every vital sign must have, and what a panel must."""
    kinds = [one["code"] for one in resource["category"][0]["coding"]]
    if kinds == ["vital-signs"]:
        for key in ("subject", "effectiveDateTime"):
            if key not in resource:
                yield f"no {key}"
        yield from quantity(resource)
        for part in resource.get("component", []):
            yield from quantity(part)
    if loinc(resource["code"]) == "85354-9":
        yield from pressure(resource)


def findings(bundle):
    """Everything that is wrong with a bundle that its schema admits."""
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    if len(set(urls)) != len(urls):
        yield "two resources have the same address"
    for target in references(bundle["entry"]):
        if target not in urls:
            yield f"{target} leads nowhere"
    kinds = {entry["resource"]["resourceType"] for entry in bundle["entry"]}
    if kinds != WANTED:
        yield f"resources: {sorted(kinds ^ WANTED)}"
    for entry in bundle["entry"]:
        resource = entry["resource"]
        kind = resource["resourceType"]
        if kind in STATUS and resource["status"] not in STATUS[kind]:
            yield f"{kind}: status {resource['status']}"
        if kind == "Observation":
            yield from (f"{entry['fullUrl']}: {what}" for what in observation(resource))
        if kind == "MedicationAdministration" and "dosage" in resource:
            if "dose" not in resource["dosage"]:
                yield f"{entry['fullUrl']}: a dosage without a dose"


def main():
    """Each file by itself."""
    wrong = 0
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        try:
            Bundle.model_validate_json(text)
            found = list(findings(json.loads(text)))
        except ValueError as error:
            found = [str(error)]
        wrong += len(found)
        for what in found:
            print(f"{path}: {what}")
        print(f"{path}: {len(json.loads(text)['entry'])} resources, {len(found)} findings")
    sys.exit(1 if wrong or len(sys.argv) < 2 else 0)


if __name__ == "__main__":
    main()
