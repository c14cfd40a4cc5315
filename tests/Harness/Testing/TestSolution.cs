using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>
/// Makes the solution of a test out of a base solution that is kept for each set of references and options. The base has its compilation already, and
/// what is forked from it binds no reference anew.
/// </summary>
internal static class TestSolution
{
    private static readonly AdhocWorkspace Workspace = new(MefHostServices.DefaultHost);
    private static readonly ConcurrentDictionary<BaseKey, Lazy<Base>> Bases = new();

    public static Solution Create(
        SolutionState state,
        ReferenceAssemblies references,
        CompilationOptions compilationOptions,
        ParseOptions parseOptions,
        string projectName,
        CancellationToken cancellationToken)
    {
        var key = Key(state);
        var origin = Bases.GetOrAdd(key, static key => new Lazy<Base>(() => Base.Create(key))).Value;
        var solution = AddFiles(origin.Solution, origin.ProjectId, state);
        if (state.AdditionalProjects.Count == 0)
        {
            return solution;
        }

        var ids = new Dictionary<string, ProjectId> { [projectName] = origin.ProjectId };
        foreach (var (name, project) in state.AdditionalProjects.OrderBy(project => project.Key, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var id = ids[name] = ProjectId.CreateNewId(name);
            solution = AddFiles(solution.AddProject(Info(id, Key(project) with { ProjectName = name })), id, project);
        }

        foreach (var (name, project) in state.AdditionalProjects.Append(new(projectName, state)))
        {
            solution = project.AdditionalProjectReferences.Aggregate(solution, (current, target) => current.AddProjectReference(
                ids[name],
                new ProjectReference(ids.TryGetValue(target, out var id) ? id : throw new InvalidOperationException($"{name} references the project '{target}', which the test doesn't have."))));
        }

        return solution;

        BaseKey Key(ProjectState project) => new(
            projectName,
            project.ReferenceAssemblies ?? references,
            project.OutputKind is { } kind ? compilationOptions.WithOutputKind(kind) : compilationOptions,
            parseOptions,
            new SequenceKey([.. project.AdditionalReferences]));
    }

    private static Solution AddFiles(Solution solution, ProjectId project, ProjectState state)
    {
        foreach (var (path, content) in state.Sources)
        {
            solution = solution.AddDocument(DocumentInfo.Create(DocumentId.CreateNewId(project), Path.GetFileName(path), Folders(path), SourceCodeKind.Regular, Loader(content, path), path));
        }

        foreach (var (path, content) in state.AdditionalFiles)
        {
            solution = solution.AddAdditionalDocument(DocumentInfo.Create(DocumentId.CreateNewId(project), Path.GetFileName(path), Folders(path), SourceCodeKind.Regular, Loader(content, path), path));
        }

        return state.AnalyzerConfigFiles.Aggregate(solution, (current, file) =>
            current.AddAnalyzerConfigDocument(DocumentId.CreateNewId(project), Path.GetFileName(file.filename), file.content, filePath: file.filename));
    }

    private static TextLoader Loader(SourceText content, string path) => TextLoader.From(TextAndVersion.Create(content, VersionStamp.Create(), path));

    private static IEnumerable<string> Folders(string path) => (Path.GetDirectoryName(path) ?? string.Empty).Split('/', StringSplitOptions.RemoveEmptyEntries);

    private static ProjectInfo Info(ProjectId id, BaseKey key) => ProjectInfo.Create(
        id,
        VersionStamp.Create(),
        key.ProjectName,
        key.ProjectName,
        LanguageNames.CSharp,
        compilationOptions: key.CompilationOptions,
        parseOptions: key.ParseOptions,
        metadataReferences: key.References.References.AddRange(key.Additional.Items));

    private sealed record BaseKey(string ProjectName, ReferenceAssemblies References, CompilationOptions CompilationOptions, ParseOptions ParseOptions, SequenceKey Additional);

    /// <summary>References equal by identity and order.</summary>
    private readonly struct SequenceKey(ImmutableArray<MetadataReference> items) : IEquatable<SequenceKey>
    {
        public ImmutableArray<MetadataReference> Items { get; } = items;

        public bool Equals(SequenceKey other) => Items.SequenceEqual(other.Items);

        public override bool Equals(object? obj) => obj is SequenceKey other && Equals(other);

        public override int GetHashCode() => Items.Length;
    }

    /// <param name="Compilation">Held so that forks of the solution find it.</param>
    private sealed record Base(Solution Solution, ProjectId ProjectId, Compilation Compilation)
    {
        public static Base Create(BaseKey key)
        {
            var id = ProjectId.CreateNewId(key.ProjectName);
            var solution = Workspace.CurrentSolution.AddProject(Info(id, key));
            var compilation = (CSharpCompilation)solution.GetProject(id)!.GetCompilationAsync().GetAwaiter().GetResult()!;

            // Binding one special type makes the reference manager resolve all references, here, once.
            _ = compilation.GetSpecialType(SpecialType.System_Object);
            return new Base(solution, id, compilation);
        }
    }
}
