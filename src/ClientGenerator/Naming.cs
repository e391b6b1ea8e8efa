using System.Text;

namespace ModularMonolith.ClientGenerator;

/// <summary>Names of the contract as names of C#.</summary>
internal static class Naming
{
    // Those that could be parameters' names.
    private static readonly HashSet<string> Keywords = ["as", "base", "bool", "case", "class", "default", "event", "fixed", "for", "in", "int", "is", "lock", "long", "namespace", "new", "null", "object", "out", "params", "ref", "string", "this", "true", "using", "void"];

    /// <summary><c>access_token</c>, <c>If-Match</c> and <c>isTaxable</c> as AccessToken, IfMatch and IsTaxable.</summary>
    public static string Pascal(string name)
    {
        var result = new StringBuilder(name.Length);
        var upper = true;
        foreach (var letter in name)
        {
            if (!char.IsLetterOrDigit(letter))
            {
                upper = true;
                continue;
            }

            result.Append(upper ? char.ToUpperInvariant(letter) : letter);
            upper = false;
        }

        return char.IsDigit(result[0]) ? "_" + result : result.ToString();
    }

    public static string Camel(string name)
    {
        var pascal = Pascal(name);
        var camel = char.ToLowerInvariant(pascal[0]) + pascal[1..];
        return Keywords.Contains(camel) ? "@" + camel : camel;
    }

    /// <summary>The text as a literal.</summary>
    public static string Literal(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
