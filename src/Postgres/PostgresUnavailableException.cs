namespace ModularMonolith.Postgres;

/// <summary>
/// A private PostgreSQL cannot be provided. The message is written for the person who started the host: it says what is
/// wrong and what to do about it, so it can be shown as it is.
/// </summary>
public sealed class PostgresUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="innerException">The cause, when there is one.</param>
    public PostgresUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
