using System.Text;

namespace ModularMonolith.Platform.Http;

/// <summary>One invalid field of a request.</summary>
/// <param name="Pointer">The place as a JSON Pointer in URI fragment form (RFC 6901): <c>#/lines/0/quantity</c>.</param>
/// <param name="Detail">What is wrong and what would be right.</param>
public sealed record FieldError(string Pointer, string Detail)
{
    /// <summary>Turns a property path such as <c>Lines[0].Quantity</c> into a pointer.</summary>
    /// <param name="propertyPath">The path with the properties' names.</param>
    /// <returns>The pointer with the names as they stand in JSON.</returns>
    public static string PointerTo(string propertyPath)
    {
        var pointer = new StringBuilder("#");
        foreach (var part in propertyPath.Replace("]", string.Empty, StringComparison.Ordinal).Split(['.', '['], StringSplitOptions.RemoveEmptyEntries))
        {
            pointer.Append('/').Append(char.ToLowerInvariant(part[0])).Append(part.AsSpan(1));
        }

        return pointer.ToString();
    }
}
