using Microsoft.Extensions.Logging;

namespace ModularMonolith.Lending.Loans;

internal sealed partial class LoanNotes(ILogger<LoanNotes> logger)
{
    public void Tell(Guid id)
    {
        Missing(id);
    }

    [LoggerMessage(1, LogLevel.Warning, "ModularMonolith.Shelves.Copies.Copy {Id} is not there; select another one from shelves.copies")]
    private partial void Missing(Guid id);

    private partial void Missing(Guid id)
    {
        if (logger.IsEnabled(LogLevel.Warning))
        {
            Console.Error.WriteLine("CopyState.Lost: " + id);
        }
    }
}
