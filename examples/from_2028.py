"""An intervention in 2028: nobody coordinates until then; from one state, a future with and one without a design."""

from qipan import PolicyModel

without = PolicyModel("national-design", seed=1)
without.coordinator.active = False
while without.year < 2027:
    without.step()
design = without.branch()
design.coordinator.active = True
for model in (without, design):
    while model.running:
        model.step()
print(f"Output in {design.year}: {design.output - without.output:+.0f} bn yuan with a design from 2028 on")
