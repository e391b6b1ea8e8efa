using System.Collections.Concurrent;
using ModularMonolith.Conformance.Descriptions;

namespace ModularMonolith.EndToEnd.Tests.Harness;

/// <summary>A host with what it says about its API, and the Prism in front of it where tests run through one.</summary>
internal sealed class DescribedHost
{
    // By address, because clients of one host are made in many places.
    private static readonly ConcurrentDictionary<Uri, Lazy<Task<DescribedHost?>>> Hosts = new();

    // Making a description costs a host more than many a test does; hosts that are told the same describe the same.
    private static readonly ConcurrentDictionary<Uri, string> Told = new();

    private static readonly ConcurrentDictionary<string, (string Json, ApiDescription Description)> Descriptions = new(StringComparer.Ordinal);

    private DescribedHost(ApiDescription description, PrismProxy? prism)
    {
        Description = description;
        Prism = prism;
    }

    public ApiDescription Description { get; }

    public PrismProxy? Prism { get; }

    /// <summary>Says what a host was told by its settings, all but where its data is.</summary>
    public static void Introduce(Uri address, HostSettings settings) => Told[address] = settings.Likeness;

    /// <summary>The host at an address; null for one that gives nobody its description.</summary>
    public static Task<DescribedHost?> OfAsync(Uri address) => Hosts.GetOrAdd(address, static address => new Lazy<Task<DescribedHost?>>(() => ReadAsync(address))).Value;

    /// <summary>Ends what stands in front of a host that has ended.</summary>
    public static async Task EndAsync(Uri address)
    {
        Told.TryRemove(address, out _);
        if (Hosts.TryRemove(address, out var host) && host.IsValueCreated && await host.Value is { Prism: { } prism })
        {
            await prism.DisposeAsync();
        }
    }

    private static async Task<DescribedHost?> ReadAsync(Uri address)
    {
        var told = Told.GetValueOrDefault(address);
        if (told is null || !Descriptions.TryGetValue(told, out var read))
        {
            if (await FetchAsync(address) is not { } json)
            {
                return null;
            }

            read = (json, ApiDescription.Read(json));
            if (told is not null)
            {
                Descriptions[told] = read;
            }
        }

        return new DescribedHost(read.Description, PrismProxy.IsWanted ? await PrismProxy.StartAsync(read.Json, address) : null);
    }

    private static async Task<string?> FetchAsync(Uri address)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        try
        {
            // Hosts that stand behind a proxy know the test as that.
            http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
            using var response = await http.GetAsync("/openapi/v1.json");
            return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync() : null;
        }
        catch (HttpRequestException)
        {
            // The host is gone or not there yet; the test's own request will say so.
            return null;
        }
    }
}
