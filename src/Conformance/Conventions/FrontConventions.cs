using System.Globalization;
using System.Text.RegularExpressions;
using ModularMonolith.Conformance.Checking;

namespace ModularMonolith.Conformance.Conventions;

/// <summary>Conventions 30 to 33 and 37 to 39: how many requests are taken, and what stands in front.</summary>
internal static partial class FrontConventions
{
    // A limit that this many requests reach is tried out.
    private const int MostToReachLimit = 150;
    private const int NoLimit = 1_000_000;

    public static IReadOnlyList<Check> Checks { get; } =
    [
        new(30, "RateLimit and RateLimit-Policy say what is left", false, FieldsAsync),
        new(31, "429 with Retry-After", true, TooManyAsync),
        new(32, "Sign-in has a stricter limit", true, SignInAsync),
        new(33, "The end of an operation is announced", false, DeprecatedAsync),
        new(37, "Security headers, strict CORS, nothing personal is stored", false, HeadersAsync),
        new(38, "Plain http is refused and not redirected", false, PlainAsync),
        Check.NotFromOutside(39, "Forwarded headers are believed of known proxies only", "Whether a header is believed shows only behind a proxy that is known. FrontConventionTests is one."),
    ];

    private static async Task<(Reply Reply, IReadOnlyList<(int Quota, int Seconds)> Policies)> PoliciesAsync(Probe probe)
    {
        var reply = await probe.SendOnceAsync(HttpMethod.Get, probe.Operation("SearchProducts").Path + "?limit=1", null);
        return (reply, Policies(reply));
    }

    private static List<(int Quota, int Seconds)> Policies(Reply reply) =>
        [.. Policy().Matches(reply.Header("RateLimit-Policy")).Select(static match => (int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)))];

    private static async Task<string> FieldsAsync(Probe probe)
    {
        var (reply, policies) = await PoliciesAsync(probe);
        reply.Require(policies.Count > 0, "RateLimit-Policy: \"name\";q=…;w=…");
        reply.Require(Regex.IsMatch(reply.Header("RateLimit"), "^\"[^\"]+\";r=[0-9]+"), "RateLimit: \"name\";r=…");
        return $"{reply.Header("RateLimit-Policy")} and {reply.Header("RateLimit")}";
    }

    private static async Task<string> TooManyAsync(Probe probe)
    {
        var (_, policies) = await PoliciesAsync(probe);
        var list = probe.Operation("SearchProducts").Path + "?limit=1";
        if (policies.Count > 0 && policies.Min(static policy => policy.Quota) > MostToReachLimit)
        {
            throw new NotShownException($"The limit is {policies.Min(static policy => policy.Quota)} requests, more than the {MostToReachLimit} that a run sends to reach it.");
        }

        // All at once, because a limit is one of a time, and grows while requests wait for each other.
        var burst = policies.Count > 0 ? policies.Min(static policy => policy.Quota) + 1 : MostToReachLimit;
        for (var sent = burst; sent <= MostToReachLimit + 1; sent += burst)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, burst).Select(_ => probe.SendOnceAsync(HttpMethod.Get, list, null)));
            if (answers.FirstOrDefault(static answer => answer.Status == 429) is { } refused)
            {
                return await WaitAsync(probe, refused, list, sent);
            }
        }

        throw new NotKeptException($"429 was expected within {MostToReachLimit} requests, since {(policies.Count > 0 ? "RateLimit-Policy says so" : "no RateLimit-Policy names a limit")}; there was none.");
    }

    private static async Task<string> WaitAsync(Probe probe, Reply refused, string list, int sent)
    {
        refused.ExpectProblem(429);
        var isNumber = int.TryParse(refused.Header("Retry-After"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds);
        refused.Require(isNumber, "Retry-After in seconds");
        if (TimeSpan.FromSeconds(seconds) > Probe.LongestWait)
        {
            return $"Within {sent} requests Retry-After: {seconds}, which is longer than a run waits.";
        }

        await probe.WaitAsync(TimeSpan.FromSeconds(seconds));
        (await probe.GetAsync(list)).Expect(200);
        return $"Within {sent} requests Retry-After: {seconds}, and then the next was served.";
    }

    private static async Task<string> SignInAsync(Probe probe)
    {
        var (_, everywhere) = await PoliciesAsync(probe);
        if (everywhere.Count > 0 && everywhere.Min(static policy => policy.Quota) >= NoLimit)
        {
            throw new NotShownException($"The limit is {everywhere.Min(static policy => policy.Quota)} requests, as in Development, where there is none to speak of.");
        }

        var signIn = await probe.SendOnceAsync(
            HttpMethod.Post, probe.Operation("SignIn").Path, Probe.Json("""{"email":"nobody@conformance.invalid","password":"not a password"}"""), ("Authorization", string.Empty));
        signIn.Expect(400, 401, 429);
        var policies = Policies(signIn);
        var strictest = policies.Count == 0 ? double.PositiveInfinity : policies.Min(static policy => (double)policy.Quota / policy.Seconds);
        signIn.Require(everywhere.Count > 0 && strictest < everywhere.Min(static policy => (double)policy.Quota / policy.Seconds), $"A stricter RateLimit-Policy than elsewhere, and not '{signIn.Header("RateLimit-Policy")}',");
        return $"{signIn.Header("RateLimit-Policy")}";
    }

    private static async Task<string> DeprecatedAsync(Probe probe)
    {
        var deprecated = probe.Description.Operations.Where(static operation => (bool?)operation.Json["deprecated"] == true && operation.Method == "GET" && !operation.Path.Contains('{', StringComparison.Ordinal)).ToList();
        if (deprecated.Count == 0)
        {
            throw new NotShownException("No operation that could be asked is deprecated.");
        }

        foreach (var operation in deprecated)
        {
            var reply = await probe.GetAsync(operation.Path);
            reply.Require(Regex.IsMatch(reply.Header("Deprecation"), "^@[0-9]+$"), "Deprecation: @… (RFC 9745)");
            reply.Require(reply.Header("Sunset").Length > 0, "Sunset (RFC 8594)");
        }

        return $"{deprecated.Count} operations say that they will end.";
    }

    private static async Task<string> HeadersAsync(Probe probe)
    {
        List<Reply> replies = [await probe.GetAsync(probe.Operation("SearchProducts").Path), await probe.GetAsync("/no/such/path")];
        foreach (var reply in replies)
        {
            reply.Require(reply.Header("X-Content-Type-Options") == "nosniff", "X-Content-Type-Options: nosniff");
            reply.Require(reply.Header("Content-Security-Policy").Contains("frame-ancestors 'none'", StringComparison.Ordinal), "Content-Security-Policy: … frame-ancestors 'none'");
            reply.Require(reply.Header("Referrer-Policy") == "no-referrer", "Referrer-Policy: no-referrer");
            reply.Require(reply.Header("Cross-Origin-Resource-Policy").Length > 0, "Cross-Origin-Resource-Policy");
        }

        replies[1].Require(replies[1].Header("Cache-Control").Contains("no-store", StringComparison.Ordinal), "Cache-Control: no-store");
        var foreign = await probe.GetAsync(probe.Operation("SearchProducts").Path, ("Origin", "https://conformance.invalid"));
        foreign.Require(foreign.Header("Access-Control-Allow-Origin").Length == 0, "No Access-Control-Allow-Origin for a foreign page");
        if (probe.Settings.Authorization is not null && probe.Description.Operations.FirstOrDefault(static operation => operation.Id == "ListOrders") is { } orders)
        {
            var personal = await probe.GetAsync(orders.Path);
            personal.Require(personal.Header("Cache-Control").Contains("no-store", StringComparison.Ordinal), "Cache-Control: no-store");
        }

        return "A list, a refusal and a page of another origin were looked at.";
    }

    private static async Task<string> PlainAsync(Probe probe)
    {
        if (probe.Settings.Address.Scheme != Uri.UriSchemeHttps)
        {
            throw new NotShownException("The address is a plain one. FrontConventionTests starts a host that refuses that.");
        }

        var plain = new UriBuilder(probe.Settings.Address) { Scheme = Uri.UriSchemeHttp, Port = 80, Path = probe.Operation("SearchProducts").Path }.Uri;
        try
        {
            // Without credentials: they would go in the clear.
            var reply = await probe.GetAsync(plain.ToString(), ("Authorization", string.Empty));
            reply.Require(reply.Status is >= 400 and < 500, "A refusal");
            return $"{plain} answered {reply.Status}.";
        }
        catch (NotKeptException exception) when (exception.Message.Contains("got no answer", StringComparison.Ordinal))
        {
            return $"Nobody answers at {plain}.";
        }
    }

    [GeneratedRegex("""
        "[^"]+";q=([0-9]+);w=([0-9]+)
        """)]
    private static partial Regex Policy();
}
