using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ModularMonolith.Client;

/// <summary>A request, put together part by part. It can be made into a message once.</summary>
internal sealed class ApiRequest(HttpMethod method, string path)
{
    private readonly StringBuilder _address = new(path);
    private readonly List<(string Name, string Value)> _headers = [];
    private Func<HttpContent>? _content;
    private bool _hasQuery;

    /// <summary>A value as one segment of a path.</summary>
    public static string Segment<T>(T value)
        where T : notnull => Uri.EscapeDataString(Text(value));

    public static string NewKey() => Guid.NewGuid().ToString();

    public ApiRequest Query<T>(string name, T value)
    {
        switch (value)
        {
            case null:
                break;
            case IEnumerable<string> several:
                foreach (var one in several)
                {
                    Add(name, one);
                }

                break;
            default:
                Add(name, Text(value));
                break;
        }

        return this;
    }

    public ApiRequest Header(string name, string? value)
    {
        if (value is not null)
        {
            _headers.Add((name, value));
        }

        return this;
    }

    public ApiRequest Json<T>(T body)
    {
        if (body is not null)
        {
            // In memory, so that it can be sent again.
            _content = () => Typed(new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, ApiConnection.Json)), "application/json");
        }

        return this;
    }

    public ApiRequest Form(IEnumerable<KeyValuePair<string, string>> fields)
    {
        _content = () => new FormUrlEncodedContent(fields);
        return this;
    }

    public ApiRequest Stream(Stream body, string mediaType)
    {
        _content = () => Typed(new StreamContent(body), mediaType);
        return this;
    }

    public HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(method, new Uri(_address.ToString(), UriKind.Relative)) { Content = _content?.Invoke() };
        foreach (var (name, value) in _headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    private static HttpContent Typed(HttpContent content, string mediaType)
    {
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        return content;
    }

    private static string Text<T>(T value) => value switch
    {
        bool flag => flag ? "true" : "false",
        DateTimeOffset time => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? string.Empty,
    };

    private void Add(string name, string value)
    {
        _address.Append(_hasQuery ? '&' : '?').Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        _hasQuery = true;
    }
}
