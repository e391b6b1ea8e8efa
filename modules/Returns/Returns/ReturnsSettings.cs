using Microsoft.Extensions.Configuration;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Returns;

/// <summary>What can be set.</summary>
/// <param name="Window">How long after its delivery a customer can ask to return something; 1 to 3,650 days.</param>
/// <param name="ReceiptTime">How long an approved return is waited for; 1 to 365 days.</param>
/// <param name="ApprovesAll">Whether a return is approved as soon as it is requested.</param>
internal sealed record ReturnsSettings(TimeSpan Window, TimeSpan ReceiptTime, bool ApprovesAll)
{
    private const int DefaultWindowDays = 30;
    private const int MaximumWindowDays = 3_650;
    private const int DefaultReceiptDays = 30;
    private const int MaximumReceiptDays = 365;

    public static ReturnsSettings From(IConfiguration configuration)
    {
        var window = configuration.GetValue("WindowDays", DefaultWindowDays);
        if (window is < 1 or > MaximumWindowDays)
        {
            throw new ModuleConfigurationException($"returns:WindowDays is {window}; it must be between 1 and {MaximumWindowDays}.");
        }

        var receipt = configuration.GetValue("ReceiptDays", DefaultReceiptDays);
        return receipt is >= 1 and <= MaximumReceiptDays
            ? new ReturnsSettings(TimeSpan.FromDays(window), TimeSpan.FromDays(receipt), configuration.GetValue("AutoApprove", false))
            : throw new ModuleConfigurationException($"returns:ReceiptDays is {receipt}; it must be between 1 and {MaximumReceiptDays}.");
    }
}
