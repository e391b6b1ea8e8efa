using ModularMonolith.Platform.Http;

namespace ModularMonolith.Returns;

/// <summary>Choices as clients write them.</summary>
internal static class Words
{
    /// <summary>The choice of a query parameter, by name only: <see cref="Enum.TryParse{TEnum}(string, out TEnum)"/> alone would take numbers and lists too.</summary>
    /// <exception cref="ProblemException">400 when there is no such choice.</exception>
    public static T? ChoiceFrom<T>(string parameter, string? text)
        where T : struct, Enum => text is null
        ? null
        : Enum.GetValues<T>().Cast<T?>().FirstOrDefault(value => string.Equals(Of(value!.Value), text, StringComparison.Ordinal))
            ?? throw new ProblemException(ProblemTypes.MalformedRequest, $"There is no {parameter} '{(text.Length > 40 ? text[..40] + "…" : text)}'. Known are {string.Join(", ", Enum.GetValues<T>().Select(Of))}.");

    /// <summary>The choice as JSON has it: camel case.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
