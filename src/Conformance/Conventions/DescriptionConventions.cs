using System.Globalization;
using ModularMonolith.Conformance.Checking;

namespace ModularMonolith.Conformance.Conventions;

/// <summary>Conventions 29 and 34: the description.</summary>
internal static class DescriptionConventions
{
    private const int ShownViolations = 5;

    public static IReadOnlyList<Check> Checks { get; } =
    [
        new(29, "The OpenAPI 3.1 document is true", false, TrueAsync),
        Check.NotFromOutside(34, "What breaks the contract fails CI", "It takes the contract that was published before, which CI has."),
    ];

    private static Task<string> TrueAsync(Probe probe)
    {
        var nameless = probe.Description.Operations.Count(static operation => operation.Id.Length == 0);
        if (nameless > 0)
        {
            throw new NotKeptException($"An operationId was expected for each operation; {nameless} have none.");
        }

        var violations = probe.Violations.Distinct(StringComparer.Ordinal).ToList();
        return violations.Count == 0
            ? Task.FromResult(string.Create(CultureInfo.InvariantCulture, $"Nothing in the {probe.Sent} exchanges of this run was other than the description of {probe.Description.Operations.Count} operations says."))
            : throw new NotKeptException($"All answers of this run were expected to be as described; {violations.Count} are not: {string.Join(" ", violations.Take(ShownViolations))}");
    }
}
