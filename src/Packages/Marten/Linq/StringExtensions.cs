namespace JasperFx.Core;

/// <summary>Comparisons of text.</summary>
public static class StringExtensions
{
    /// <summary>Whether two texts differ at most in letter case. Also in queries.</summary>
    public static bool EqualsIgnoreCase(this string? thisString, string? otherString) =>
        string.Equals(thisString, otherString, StringComparison.InvariantCultureIgnoreCase);
}
