namespace ModularMonolith.PaymentSimulator;

/// <summary>What the simulator is told at its start.</summary>
/// <param name="ApiKey">The bearer key that it wants.</param>
/// <param name="Multicapture">Whether an intent that asks for it may be captured more than once.</param>
/// <param name="FeeBasisPoints">What it keeps of a capture, in hundredths of a per cent.</param>
/// <param name="FeeFixed">What it keeps besides, in minor units.</param>
/// <param name="Capacity">How many intents it holds; it refuses those beyond, because forgetting some would falsify what it says was charged.</param>
/// <param name="Seed">Of the random numbers that decide about faults with a probability.</param>
/// <param name="WebhookAddress">Where events go; null for nowhere. Can be changed while it runs.</param>
/// <param name="WebhookSecret">Signs them.</param>
internal sealed record SimulatorSettings(
    string ApiKey, bool Multicapture, int FeeBasisPoints, int FeeFixed, int Capacity, int Seed, Uri? WebhookAddress, string WebhookSecret)
{
    public static SimulatorSettings Read(IConfiguration configuration) => new(
        configuration["Simulator:ApiKey"] ?? "sk_test_simulator",
        configuration.GetValue<bool?>("Simulator:Multicapture") ?? true,
        configuration.GetValue<int?>("Simulator:FeeBasisPoints") ?? 150,
        configuration.GetValue<int?>("Simulator:FeeFixed") ?? 25,
        configuration.GetValue<int?>("Simulator:Capacity") ?? 200_000,
        configuration.GetValue<int?>("Simulator:Seed") ?? 1,
        configuration["Simulator:WebhookAddress"] is { Length: > 0 } address ? new Uri(address) : null,
        configuration["Simulator:WebhookSecret"] ?? "whsec_simulator");
}
