using JasperFx;
using Marten.Exceptions;
using Npgsql;

namespace ModularMonolith.Platform.Pipeline;

/// <summary>Recognises a commit that lost against a concurrent one.</summary>
internal static class Conflict
{
    public static bool Find(Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (current is ConcurrencyException or ConcurrentUpdateException or DocumentAlreadyExistsException or NonExistentDocumentException or ExistingStreamIdCollisionException
                or PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation })
            {
                return true;
            }
        }

        return false;
    }
}
