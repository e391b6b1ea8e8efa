using ModularMonolith.Platform.Http;

namespace ModularMonolith.Payments;

/// <summary>Reads the name of a status in a query.</summary>
internal static class StatusName
{
    /// <summary>By name only: Enum.TryParse alone would take numbers and lists too.</summary>
    /// <exception cref="ProblemException">400: there is no such status.</exception>
    public static TStatus? Read<TStatus>(string? text)
        where TStatus : struct, Enum => text is null
        ? null
        : Enum.GetValues<TStatus>().Cast<TStatus?>().FirstOrDefault(status => status.ToString()!.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? throw new ProblemException(ProblemTypes.MalformedRequest, $"There is no status '{text}'. Known are {string.Join(", ", Enum.GetNames<TStatus>())}.");
}
