namespace ModularMonolith.Conformance.Checking;

/// <summary>How a check ended.</summary>
public enum CheckOutcome
{
    /// <summary>The API keeps the convention.</summary>
    Passed,

    /// <summary>It does not.</summary>
    Failed,

    /// <summary>It cannot be seen with requests, or not with these credentials and options.</summary>
    NotShown,
}

/// <summary>What a check of one convention found.</summary>
/// <param name="Number">The convention's number in docs/api.md, 1 to 44.</param>
/// <param name="Title">The convention.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Sentence">What was done and seen; what was expected where it failed; the reason where it was not shown.</param>
public sealed record CheckResult(int Number, string Title, CheckOutcome Outcome, string Sentence);
