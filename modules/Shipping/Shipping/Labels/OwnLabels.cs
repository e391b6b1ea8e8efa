using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace ModularMonolith.Shipping.Labels;

/// <summary>
/// Labels without a carrier: a sheet with the address and a number, for shops that bring goods themselves and for trying out. The number follows from the key, so the same request
/// gets the same label.
/// </summary>
internal sealed class OwnLabels : ILabelProvider
{
    public const string Carrier = "own-delivery";

    private const int SerialDigits = 17;
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public Task<MadeLabel> MakeAsync(LabelRequest request, CancellationToken cancellationToken)
    {
        var number = NumberOf(request.Key);
        return Task.FromResult(new MadeLabel(Carrier, number, "image/svg+xml", Sheet(request, number)));
    }

    /// <summary>18 digits, of which the last is the check digit of GS1 (General Specifications, section 7.9): weights 3 and 1 in turn from the right, modulo 10.</summary>
    public static string NumberOf(string key)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        var serial = (BitConverter.ToUInt64(hash) % 100_000_000_000_000_000).ToString("D" + SerialDigits, CultureInfo.InvariantCulture);
        return serial + CheckDigitOf(serial).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The check digit of digits.</summary>
    public static int CheckDigitOf(string digits)
    {
        var sum = digits.Reverse().Select(static (digit, index) => (digit - '0') * (index % 2 == 0 ? 3 : 1)).Sum();
        return (10 - (sum % 10)) % 10;
    }

    private static string Sheet(LabelRequest request, string number)
    {
        var address = request.Address;
        string?[] lines =
        [
            address.Name, address.Company, address.Line1, address.Line2, $"{address.PostalCode} {address.City}".Trim(),
            address.Region is null ? address.Country : $"{address.Region}, {address.Country}",
        ];
        var printed = lines.Where(static line => !string.IsNullOrWhiteSpace(line)).Select(static (line, index) => Text(30, 60 + (index * 34), 26, line!));
        var weight = request.Parcels.Sum(static parcel => (long)parcel.WeightGrams);
        return new XElement(
            Svg + "svg",
            new XAttribute("viewBox", "0 0 600 400"),
            new XElement(Svg + "rect", new XAttribute("x", 5), new XAttribute("y", 5), new XAttribute("width", 590), new XAttribute("height", 390), new XAttribute("fill", "white"), new XAttribute("stroke", "black")),
            printed,
            Text(30, 300, 20, $"{request.Method}, {request.Parcels.Count} parcel(s), {weight} g"),
            Text(30, 360, 34, number)).ToString();
    }

    private static XElement Text(int x, int y, int size, string text) => new(
        Svg + "text", new XAttribute("x", x), new XAttribute("y", y), new XAttribute("font-size", size), new XAttribute("font-family", "sans-serif"), Printable(text));

    // XML has no way to write most control characters.
    private static string Printable(string text) => string.Concat(text.Where(static character => !char.IsControl(character) && !char.IsSurrogate(character)));
}
