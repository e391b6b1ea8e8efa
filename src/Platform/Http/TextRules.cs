using FluentValidation;

namespace ModularMonolith.Platform.Http;

/// <summary>Rules for text that every validator of stored text needs.</summary>
public static class TextRules
{
    /// <summary>Refuses the character U+0000, which PostgreSQL can store neither in text nor in jsonb.</summary>
    /// <typeparam name="T">What is validated.</typeparam>
    /// <param name="rule">The rule for a text; null satisfies it.</param>
    /// <returns>The same rule.</returns>
    public static IRuleBuilderOptions<T, string?> NoNul<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(static text => text is null || !text.Contains('\0', StringComparison.Ordinal))
            .WithMessage("The text contains the character U+0000, which cannot be stored. Remove it.");
}
