using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ModularMonolith.Identity.Tokens;

/// <summary>The parameters of a request of OAuth: each at most once, an empty one as good as none (RFC 6749, section 3.2), unknown ones ignored.</summary>
internal sealed class OAuthForm
{
    private const int MostValues = 32;
    private const int LongestValue = 16 * 1024;

    private readonly IFormCollection _values;

    private OAuthForm(IFormCollection values) => _values = values;

    public string? this[string name] => _values[name] is [{ Length: > 0 } value] ? value : null;

    /// <summary>A parameter that has to be there.</summary>
    /// <exception cref="OAuthException">It is not.</exception>
    public string Required(string name) => this[name] ?? throw new OAuthException(OAuthErrors.InvalidRequest, $"The parameter {name} is missing.");

    /// <summary>Reads the body.</summary>
    /// <exception cref="OAuthException">It is no form, or has a parameter twice.</exception>
    public static async Task<OAuthForm> ReadAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (http.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true)
        {
            throw new OAuthException(OAuthErrors.InvalidRequest, "Send the parameters as application/x-www-form-urlencoded.");
        }

        try
        {
            http.Features.Set<IFormFeature>(new FormFeature(http.Request, new FormOptions { ValueCountLimit = MostValues, ValueLengthLimit = LongestValue, KeyLengthLimit = 100 }));
            var values = await http.Request.ReadFormAsync(cancellationToken);
            var twice = values.FirstOrDefault(static pair => pair.Value.Count > 1).Key;
            return twice is null && !values.Any(static pair => pair.Value.ToString().Contains('\0', StringComparison.Ordinal))
                ? new OAuthForm(values)
                : throw new OAuthException(OAuthErrors.InvalidRequest, "A parameter stands there twice, or has a NUL in it.");
        }
        catch (InvalidDataException)
        {
            throw new OAuthException(OAuthErrors.InvalidRequest, "The form cannot be read, or is too large.");
        }
    }
}
