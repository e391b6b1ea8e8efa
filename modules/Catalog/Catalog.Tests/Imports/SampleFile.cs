using System.Text;

namespace ModularMonolith.Catalog.Tests.Imports;

/// <summary>Files for the tests.</summary>
internal static class SampleFile
{
    public const string Header = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src";

    public static byte[] Apparel => Read("apparel.csv");

    public static byte[] Jewelery => Read("jewelery.csv");

    public static byte[] Of(params string[] rows) => Encoding.UTF8.GetBytes(string.Join("\r\n", [Header, .. rows]) + "\r\n");

    public static byte[] With(string header, params string[] rows) => Encoding.UTF8.GetBytes(string.Join("\n", [header, .. rows]) + "\n");

    private static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", name));
}
