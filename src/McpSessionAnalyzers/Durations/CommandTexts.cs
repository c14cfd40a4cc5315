using System.Collections.Immutable;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Durations;

/// <summary>The SQL of the command that a parameter belongs to.</summary>
internal static class CommandTexts
{
    /// <summary>What the command writes; null where its text can't be seen or is no SQL (a stored procedure's name).</summary>
    public static SqlWrites? Of(IOperation? owner, int position, SinkContext context)
    {
        if (owner is null)
        {
            return null;
        }

        var command = Command(owner, context);
        return TextOf(command, position, context) is { } text && IsSql(text) ? SqlWrites.Read(text, context.CancellationToken) : null;
    }

    public static bool IsSql(string text) => text.Trim().IndexOfAny(new[] { ' ', '\n', '\t' }) > 0;

    /// <summary>The local, parameter, field or property at the root of <c>command.Parameters</c>.</summary>
    public static ISymbol? RootSymbol(IOperation operation) => LocalValues.Unwrap(operation) switch
    {
        IPropertyReferenceOperation { Property.Name: "Parameters", Instance: { } instance } => RootSymbol(instance),
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation field => field.Field,
        IPropertyReferenceOperation property => property.Property,
        _ => null,
    };

    /// <summary>From a collection to its command, through a local that names the collection.</summary>
    private static IOperation Command(IOperation owner, SinkContext context)
    {
        owner = LocalValues.Unwrap(owner);
        for (var depth = 0; depth < 4; depth++)
        {
            switch (owner)
            {
                case IPropertyReferenceOperation { Property.Name: "Parameters", Instance: { } instance }:
                    return LocalValues.Unwrap(instance);
                case ILocalReferenceOperation local when context.Types.IsCollection(local.Type)
                    && context.BodyOf(local) is { } body
                    && LocalValues.Of(local.Local, body) is { Count: 1 } values:
                    owner = values[0];
                    continue;
                case IInstanceReferenceOperation:
                    return ParameterReader.InitializedOwner(owner) ?? owner;
                default:
                    return owner;
            }
        }

        return owner;
    }

    private static string? TextOf(IOperation command, int position, SinkContext context)
    {
        if (command is IObjectCreationOperation creation)
        {
            return OfCreation(creation, context);
        }

        if (RootSymbol(command) is not { } symbol || context.BodyOf(command) is not { } body)
        {
            return null;
        }

        // A command that is used again has another text from then on.
        var text = default(string);
        if (symbol is ILocalSymbol)
        {
            foreach (var value in LocalValues.Of(symbol, body))
            {
                if (value.Syntax.SpanStart <= position || text is null)
                {
                    text = OfValue(value, context) ?? text;
                }
            }
        }

        foreach (var reference in body.ReferencesTo(symbol))
        {
            if (reference.Parent is IPropertyReferenceOperation { Property.Name: "CommandText", Parent: ISimpleAssignmentOperation assignment } property
                && assignment.Target == property
                && (assignment.Syntax.SpanStart <= position || text is null))
            {
                text = context.TextOf(assignment.Value).Text;
            }
        }

        return text;
    }

    private static string? OfValue(IOperation value, SinkContext context) => value switch
    {
        IObjectCreationOperation creation => OfCreation(creation, context),
        IInvocationOperation { TargetMethod.Name: "CreateCommand" or "CreateBatchCommand" } call => OfArguments(call.Arguments, context),
        _ => null,
    };

    private static string? OfCreation(IObjectCreationOperation creation, SinkContext context)
    {
        foreach (var initializer in creation.Initializer?.Initializers ?? ImmutableArray<IOperation>.Empty)
        {
            if (initializer is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.Name: "CommandText" } } assignment)
            {
                return context.TextOf(assignment.Value).Text;
            }
        }

        return OfArguments(creation.Arguments, context);
    }

    private static string? OfArguments(IEnumerable<IArgumentOperation> arguments, SinkContext context)
    {
        var text = arguments.FirstOrDefault(argument => argument.Parameter?.Type.SpecialType == SpecialType.System_String && argument.ArgumentKind != ArgumentKind.DefaultValue);
        return text is null ? null : context.TextOf(text.Value).Text;
    }
}
