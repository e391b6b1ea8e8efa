using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace ModularMonolith.PaymentSimulator.Api;

/// <summary>The parameters of a request, form-encoded in the body or in the address; names of nested ones have brackets.</summary>
internal sealed class FormParameters
{
    /// <summary>In bytes.</summary>
    public const int LongestBody = 64 * 1024;

    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    private FormParameters(string encoded)
    {
        foreach (var (name, values) in QueryHelpers.ParseQuery(encoded))
        {
            _values[name] = [.. values.Select(static value => value ?? string.Empty)];
        }
    }

    /// <summary>The parameters in one order, to tell whether two requests are the same.</summary>
    public string Fingerprint => string.Join('&', _values.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => pair.Key + '=' + string.Join(',', pair.Value)));

    public static async Task<FormParameters> ReadAsync(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method))
        {
            return new FormParameters(request.QueryString.Value ?? string.Empty);
        }

        if (request.ContentLength is not (null or 0) && request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true)
        {
            throw RequestFailure.Invalid(400, null, "Bodies are form-encoded: send Content-Type application/x-www-form-urlencoded.");
        }

        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        return new FormParameters(await reader.ReadToEndAsync());
    }

    public string? Text(string name)
    {
        _read.Add(name);
        return _values.TryGetValue(name, out var values) && values[^1].Length > 0 ? values[^1] : null;
    }

    public string RequiredText(string name) => Text(name) ?? throw RequestFailure.Invalid(400, "parameter_missing", $"The parameter {name} is required.", name);

    public long? Number(string name) => Text(name) is not { } text
        ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw RequestFailure.Invalid(400, "parameter_invalid_integer", $"{name} is not an integer: {text}", name);

    public bool Flag(string name, bool otherwise = false) => Text(name) switch
    {
        null => otherwise,
        "true" => true,
        "false" => false,
        var text => throw RequestFailure.Invalid(400, null, $"{name} is neither true nor false: {text}", name),
    };

    public string OneOf(string name, string otherwise, params ReadOnlySpan<string> allowed)
    {
        var text = Text(name) ?? otherwise;
        return allowed.Contains(text) ? text : throw RequestFailure.Invalid(400, null, $"{name} cannot be {text}.", name);
    }

    /// <summary>All parameters <c>name[key]</c>.</summary>
    public IReadOnlyDictionary<string, string> Map(string name)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, values) in _values)
        {
            if (key.StartsWith(name + "[", StringComparison.Ordinal) && key.EndsWith(']'))
            {
                _read.Add(key);
                map[key[(name.Length + 1)..^1]] = values[^1];
            }
        }

        return map.Count <= 50 ? map : throw RequestFailure.Invalid(400, null, $"{name} has more than 50 keys.", name);
    }

    /// <summary>All parameters <c>name[]</c>.</summary>
    public IReadOnlyList<string> List(string name)
    {
        var found = new List<string>();
        foreach (var (key, values) in _values)
        {
            if (key.StartsWith(name + "[", StringComparison.Ordinal))
            {
                _read.Add(key);
                found.AddRange(values);
            }
        }

        return found;
    }

    /// <summary>What may be sent and changes nothing here.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            _read.Add(name);
            foreach (var key in _values.Keys)
            {
                if (key.StartsWith(name + "[", StringComparison.Ordinal))
                {
                    _read.Add(key);
                }
            }
        }
    }

    /// <summary>Refuses a parameter that nobody has read.</summary>
    public void RefuseOthers()
    {
        foreach (var name in _values.Keys)
        {
            if (!_read.Contains(name))
            {
                throw RequestFailure.Invalid(400, "parameter_unknown", $"The parameter {name} is unknown here.", name);
            }
        }
    }
}
