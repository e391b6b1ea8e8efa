using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Carter.Request;

/// <summary>Reads typed values from a query string.</summary>
public static class QueryStringExtensions
{
    /// <summary>Reads the first value of a parameter, in invariant culture; times without an offset are UTC.</summary>
    /// <typeparam name="T">The type to convert to.</typeparam>
    /// <param name="query">The query string.</param>
    /// <param name="key">The parameter's name.</param>
    /// <param name="defaultValue">The answer when the parameter is missing or does not convert.</param>
    /// <returns>The converted value.</returns>
    public static T? As<T>(this IQueryCollection query, string key, T? defaultValue = default) =>
        query[key].FirstOrDefault() is { } text ? Convert(text, defaultValue) : defaultValue;

    /// <summary>Reads every value of a parameter that is repeated, lists values between commas, or both.</summary>
    /// <typeparam name="T">The type to convert to.</typeparam>
    /// <param name="query">The query string.</param>
    /// <param name="key">The parameter's name.</param>
    /// <returns>The converted values; the type's default stands for one that does not convert.</returns>
    public static IEnumerable<T?> AsMultiple<T>(this IQueryCollection query, string key) => query[key]
        .SelectMany(values => (values ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries))
        .Select(text => Convert<T>(text, default));

    private static T? Convert<T>(string text, T? defaultValue)
    {
        if (text is T same)
            return same;
        if ((Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T)) == typeof(DateTime))
        {
            return DateTime.TryParse(text, CultureInfo.InvariantCulture,
                DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time) ? (T)(object)time : defaultValue;
        }

        var converter = TypeDescriptor.GetConverter(typeof(T));
        if (!converter.CanConvertFrom(typeof(string)))
            return defaultValue;
        try
        {
            return (T?)converter.ConvertFromInvariantString(text);
        }
        // Converters report text they do not understand with whichever exception their parser throws.
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException or NotSupportedException)
        {
            return defaultValue;
        }
    }
}
